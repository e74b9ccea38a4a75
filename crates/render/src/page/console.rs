//! What staff see: one file a page.
