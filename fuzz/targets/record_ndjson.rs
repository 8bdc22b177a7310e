//! Any bytes as NDJSON: read line by line, written back, read again.

#![no_main]

use chartroom_record::Mode;
use chartroom_record::ndjson::{Lines, Writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut writer = Writer::new(Vec::new());
    let mut kept = Vec::new();
    let mut last = 0;
    for line in Lines::new(bytes, Mode::Lenient) {
        let number = line.as_ref().map_or_else(|error| error.line(), |line| line.number());
        assert!(number > last, "the lines come in their order");
        last = number;
        if let Ok(line) = line {
            writer.write(line.resource()).expect("a vector takes all");
            kept.push(line.into_resource());
        }
    }
    let written = writer.finish().expect("a vector takes all");
    let again: Vec<_> =
        Lines::new(&*written, Mode::Lenient).map(|line| line.expect("it was written").into_resource()).collect();
    assert!(again == kept, "each record is one line");
});
