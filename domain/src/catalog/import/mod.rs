//! Reads product files into drafts. Pure: text in, drafts and issues out.
