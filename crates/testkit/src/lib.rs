//! Manual clock, seeded chance, private database servers, log capture.
