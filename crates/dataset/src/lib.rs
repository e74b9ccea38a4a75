//! Dataset files, the identity graph, traversal and policies: pure.
