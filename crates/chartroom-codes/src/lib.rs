//! Is this code right, on that day: identifiers, code systems and dated validation.
