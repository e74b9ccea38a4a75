//! Pages, mails and packages for people, from plain data.
