//! Reads and writes plan files: the published JSON schema, Microsoft Project XML, PSPLIB.
