//! Any bytes as a sealed stream: whatever is given out was sealed, in its place, and the end is the end.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::LazyLock;

use chartroom_seal::{ChunkLength, Padding, Part, RandomSource, RecordIdentity, RecordKey, SubjectKey};
use libfuzzer_sys::fuzz_target;

const IDENTITY: RecordIdentity<'_> =
    RecordIdentity { tenant: "north", subject: "5f1c", kind: "Binary", id: "a7", version: 1 };
const SCAN: Part<'_> = Part { name: "scan", value_type: "image/png" };

/// The key, and streams of no byte, of less than a chunk, of whole chunks and of some chunks and a bit, padded and not, each with what it
/// holds.
static STREAMS: LazyLock<(RecordKey, Vec<(Vec<u8>, Vec<u8>)>)> = LazyLock::new(|| {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let mut key = SubjectKey::generate(&mut random).new_record_key(&IDENTITY, &mut random).expect("a short identity");
    let chunk = ChunkLength::LEAST.bytes();
    let lengths = [0, 9, chunk, 2 * chunk, 3 * chunk + 77];
    let mut sealed = Vec::new();
    for (padding, length) in
        [Padding::Off, Padding::Proportional].into_iter().flat_map(|it| lengths.map(|length| (it, length)))
    {
        key = key.padded(padding);
        let plain: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
        let mut writer = key.seal_stream(SCAN, ChunkLength::LEAST, Vec::new(), &mut random).expect("begun");
        writer.write_all(&plain).expect("a vector takes all");
        sealed.push((plain, writer.finish().expect("a vector takes all")));
    }
    (key, sealed)
});

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (which, from, edits) = input;
    let step = i64::from(from.cast_signed());
    let (key, streams) = &*STREAMS;
    let (plain, sealed) = &streams[usize::from(which) % streams.len()];
    for bytes in [edits.to_vec(), edits::edited(sealed, edits)] {
        let Ok(mut reader) = key.open_stream(SCAN, Cursor::new(&bytes)) else { continue };
        let mut given = Vec::new();
        let ended = reader.read_to_end(&mut given).is_ok();
        assert!(plain.starts_with(&given), "what is given out was sealed, from the start");
        assert!(!ended || bytes == *sealed, "only the whole stream ends");

        let Ok(mut reader) = key.open_stream(SCAN, Cursor::new(&bytes)) else { continue };
        let mut place = 0;
        for to in [SeekFrom::Start(from.into()), SeekFrom::Current(step), SeekFrom::End(step)] {
            // One that is refused leaves the reader where it is, or ends it.
            place = reader.seek(to).unwrap_or(place);
            let mut given = Vec::new();
            let _ = reader.by_ref().take(9).read_to_end(&mut given);
            let expected = usize::try_from(place).ok().and_then(|place| plain.get(place..)).unwrap_or_default();
            assert!(expected.starts_with(&given), "what is given out was sealed, from this place");
            place += given.len() as u64;
        }
    }
});
