//! Reads a won deal from text, documents and CRM payloads into facts with provenance.
