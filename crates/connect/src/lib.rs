//! Connectors and the collect executor.
