//! One document model, many renderings: Markdown, HTML, PDF, .docx, .pptx, .xlsx, .ics.
