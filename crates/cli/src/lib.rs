//! The commands of the `habeas` binary, one file each.
