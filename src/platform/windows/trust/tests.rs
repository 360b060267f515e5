//! Real files, as far as the system keeps access lists.
