use std::io::{BufRead, Cursor, Seek, SeekFrom};

use proptest::prelude::*;

use super::*;
use crate::{RandomSource, RecordIdentity, SubjectKey};

const PART: Part<'_> = Part { name: "content", value_type: "application/pdf" };
const CHUNK: usize = ChunkLength::LEAST.bytes();
const WHOLE: usize = CHUNK + TAG_LENGTH;

fn identity(id: &str) -> RecordIdentity<'_> {
    RecordIdentity { tenant: "north", subject: "5f1c", kind: "DocumentReference", id, version: 1 }
}

fn key() -> (RecordKey, RandomSource) {
    let mut random = RandomSource::from_seed(&[4; 32]);
    let key = SubjectKey::generate(&mut random).new_record_key(&identity("a7"), &mut random).expect("a short identity");
    (key, random)
}

/// Bytes in which each position shows.
fn plain(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place % 251) as u8).collect()
}

fn sealed(key: &RecordKey, random: &mut RandomSource, plain: &[u8]) -> Vec<u8> {
    let mut writer = key.seal_stream(PART, ChunkLength::LEAST, Vec::new(), random).expect("begun");
    for piece in plain.chunks(700) {
        writer.write_all(piece).expect("written");
    }
    writer.finish().expect("finished")
}

fn opened(key: &RecordKey, part: Part<'_>, sealed: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    key.open_stream(part, sealed)?.read_to_end(&mut plain)?;
    Ok(plain)
}

fn refusal(key: &RecordKey, sealed: &[u8]) -> OpenError {
    cause(&opened(key, PART, sealed).expect_err("refused"))
}

fn cause(error: &io::Error) -> OpenError {
    *error.get_ref().and_then(|cause| cause.downcast_ref()).expect("an error of this crate")
}

#[test]
fn every_length_around_a_chunk_comes_back() {
    let (key, mut random) = key();
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5] {
        let sealed = sealed(&key, &mut random, &plain(length));
        let chunks = length.div_ceil(CHUNK).max(1);
        assert_eq!(sealed.len(), STREAM_HEADER_LENGTH + length + chunks * TAG_LENGTH);
        assert_eq!(opened(&key, PART, &sealed).expect("opened"), plain(length));
    }
}

#[test]
fn a_padded_stream_tells_how_many_chunks_it_has_and_no_more() {
    let (key, mut random) = key();
    let key = key.padded(crate::Padding::Proportional);
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK] {
        let sealed = sealed(&key, &mut random, &plain(length));
        // Behind a value that fills its chunks stands one of padding alone.
        assert_eq!(sealed.len(), STREAM_HEADER_LENGTH + (length / CHUNK + 1) * WHOLE);
        assert_eq!(opened(&key, PART, &sealed).expect("opened"), plain(length));
        let mut reader = key.open_stream(PART, Cursor::new(&sealed)).expect("begun");
        assert_eq!(reader.seek(SeekFrom::End(0)).expect("found"), length as u64);
        assert_eq!(reader.read(&mut [0; 9]).expect("the end"), 0);
        for from in [0, length / 2, length.saturating_sub(1), length] {
            reader.seek(SeekFrom::Start(from as u64)).expect("found");
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).expect("read");
            assert_eq!(rest, plain(length)[from..]);
        }
        for end in [sealed.len() - 1, sealed.len() - WHOLE] {
            assert_eq!(refusal(&key, &sealed[..end]), OpenError::Unauthentic);
        }
        // As a stream without padding it is another.
        let mut bare = sealed.clone();
        bare[1] = 4;
        assert_eq!(refusal(&key, &bare), OpenError::Unauthentic);
    }
    let sealer = key.stream_sealer(PART, ChunkLength::LEAST, &mut random).expect("a sealer");
    assert_eq!(sealer.seal_last(&mut [0; CHUNK - 1]), Err(SealError::ChunkLength));
}

#[test]
fn chunks_are_shown_where_they_were_opened() {
    let (key, mut random) = key();
    for length in [0, 1, CHUNK, 2 * CHUNK + 5] {
        let sealed = sealed(&key, &mut random, &plain(length));
        let mut reader = key.open_stream(PART, &sealed[..]).expect("begun");
        let mut shown = Vec::new();
        loop {
            let here = reader.fill_buf().expect("opened");
            assert!(here.len() <= CHUNK);
            if here.is_empty() {
                break;
            }
            let some = here.len().min(700);
            shown.extend_from_slice(&here[..some]);
            reader.consume(some);
        }
        assert_eq!(shown, plain(length));
    }
}

#[test]
fn a_stream_tells_its_key_and_nothing_else_does() {
    let (key, mut random) = key();
    let stream = sealed(&key, &mut random, &plain(9));
    assert_eq!(crate::KeyLabel::of_stream(&stream), Ok(key.label()));
    assert_eq!(crate::KeyLabel::of_stream(&stream[..21]), Err(OpenError::Malformed));
    let value = key.seal(PART, b"value", &mut random).expect("sealed");
    assert_eq!(crate::KeyLabel::of_stream(&value), Err(OpenError::UnknownSuite(1)));
}

#[test]
fn every_byte_counts() {
    let (key, mut random) = key();
    let sealed = sealed(&key, &mut random, &plain(CHUNK + 10));
    for place in 0..sealed.len() {
        let mut edited = sealed.clone();
        edited[place] ^= 1;
        let refused = refusal(&key, &edited);
        match place {
            0 => assert_eq!(refused, OpenError::UnknownVersion(0)),
            1 => assert_eq!(refused, OpenError::UnknownSuite(5)),
            2..22 => assert!(matches!(refused, OpenError::UnknownKey(_))),
            22..26 => assert!(matches!(refused, OpenError::Unauthentic | OpenError::Malformed)),
            _ => assert_eq!(refused, OpenError::Unauthentic),
        }
    }
}

#[test]
fn cutting_and_lengthening_are_refused() {
    let (key, mut random) = key();
    for length in [0, 5, 2 * CHUNK, 2 * CHUNK + 5] {
        let sealed = sealed(&key, &mut random, &plain(length));
        for end in 0..sealed.len() {
            let expected = if end < STREAM_HEADER_LENGTH { OpenError::Malformed } else { OpenError::Unauthentic };
            assert_eq!(refusal(&key, &sealed[..end]), expected);
        }
        assert_eq!(refusal(&key, &[&sealed[..], &[0]].concat()), OpenError::Unauthentic);
        let again = [&sealed[..], &sealed[STREAM_HEADER_LENGTH..]].concat();
        assert_eq!(refusal(&key, &again), OpenError::Unauthentic);
    }
}

#[test]
fn a_stream_that_was_not_finished_does_not_open() {
    let (key, mut random) = key();
    let mut unfinished = Vec::new();
    let mut writer = key.seal_stream(PART, ChunkLength::LEAST, &mut unfinished, &mut random).expect("begun");
    writer.write_all(&plain(2 * CHUNK + 1)).expect("written");
    drop(writer);
    assert_eq!(unfinished.len(), STREAM_HEADER_LENGTH + 2 * WHOLE);
    assert_eq!(refusal(&key, &unfinished), OpenError::Unauthentic);
}

#[test]
fn chunks_are_not_exchanged_repeated_or_brought_over() {
    let (key, mut random) = key();
    let [one, other] = [(); 2].map(|()| sealed(&key, &mut random, &plain(4 * CHUNK)));
    let chunk = |sealed: &[u8], index: usize| sealed[STREAM_HEADER_LENGTH..].chunks(WHOLE).nth(index).unwrap().to_vec();
    let built = |order: &[Vec<u8>]| [&one[..STREAM_HEADER_LENGTH], &order.concat()].concat();
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| chunk(&one, index));
    let (foreign, foreign_last) = (chunk(&other, 1), chunk(&other, 3));
    assert_eq!(
        opened(&key, PART, &built(&[a.clone(), b.clone(), c.clone(), d.clone()])).expect("opened"),
        plain(4 * CHUNK)
    );
    for order in [
        [&b, &a, &c, &d].as_slice(),
        &[&a, &c, &b, &d],
        &[&a, &a, &b, &c, &d],
        &[&a, &c, &d],
        &[&b, &c, &d],
        &[&d],
        &[&a, &b, &c],
        &[&a, &foreign, &c, &d],
        &[&a, &b, &c, &foreign_last],
        &[&a, &b, &c, &d, &d],
    ] {
        let order: Vec<_> = order.iter().map(|chunk| (*chunk).clone()).collect();
        assert_eq!(refusal(&key, &built(&order)), OpenError::Unauthentic);
    }
}

#[test]
fn a_stream_opens_only_in_its_part_of_its_record() {
    let (key, mut random) = key();
    let stream = sealed(&key, &mut random, &plain(9));
    for part in [Part { name: "other", ..PART }, Part { value_type: "text", ..PART }] {
        assert_eq!(cause(&opened(&key, part, &stream).expect_err("refused")), OpenError::Unauthentic);
    }
    let subject = SubjectKey::generate(&mut random);
    let [one, other] = ["a7", "a8"].map(|id| subject.new_record_key(&identity(id), &mut random).expect("short"));
    let stream = sealed(&one, &mut random, &plain(9));
    assert_eq!(refusal(&other, &stream), OpenError::Unauthentic);
    assert_eq!(refusal(&key, &stream), OpenError::UnknownKey(one.label()));
    assert_eq!(one.open(PART, &stream).err(), Some(OpenError::UnknownSuite(4)), "a stream is no value");
}

#[test]
fn a_seek_into_a_stream_that_was_cut_off_is_refused() {
    let (key, mut random) = key();
    let stream = sealed(&key, &mut random, &plain(3 * CHUNK));
    let cut = &stream[..stream.len() - WHOLE];
    let mut reader = key.open_stream(PART, Cursor::new(cut)).expect("begun");
    assert_eq!(cause(&reader.seek(SeekFrom::Start(0)).expect_err("refused")), OpenError::Unauthentic);
    assert!(reader.read(&mut [0; 8]).is_err() && reader.seek(SeekFrom::Start(0)).is_err(), "and stays so");
}

#[test]
fn a_refused_seek_leaves_the_reader_where_it_is() {
    let (key, mut random) = key();
    let stream = sealed(&key, &mut random, &plain(3 * CHUNK + 5));
    for read in [0, 9, CHUNK, CHUNK + 9, 3 * CHUNK + 5] {
        for to in [SeekFrom::Current(-9_999), SeekFrom::End(-9_999)] {
            let mut reader = key.open_stream(PART, Cursor::new(&stream)).expect("begun");
            reader.read_exact(&mut vec![0; read]).expect("read");
            // Once before the end was looked for, and once after.
            for _ in 0..2 {
                assert_eq!(reader.seek(to).expect_err("refused").kind(), io::ErrorKind::InvalidInput);
            }
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).expect("read");
            assert_eq!(rest, plain(3 * CHUNK + 5)[read..]);
        }
    }
}

#[test]
fn after_a_seek_that_failed_nothing_is_given_out() {
    /// Fails at one of its seeks.
    struct Failing<'s>(Cursor<&'s [u8]>, u32);
    impl Read for Failing<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.0.read(out)
        }
    }
    impl Seek for Failing<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.1 = self.1.checked_sub(1).ok_or(io::ErrorKind::TimedOut)?;
            self.0.seek(to)
        }
    }
    let (key, mut random) = key();
    let stream = sealed(&key, &mut random, &plain(3 * CHUNK + 5));
    for seeks in 0..5 {
        let mut reader = key.open_stream(PART, Failing(Cursor::new(&stream), seeks)).expect("begun");
        reader.read_exact(&mut [0; 9]).expect("read");
        assert!(reader.seek(SeekFrom::Start(CHUNK as u64 + 2)).is_err(), "{seeks}");
        let mut rest = Vec::new();
        assert!(reader.read_to_end(&mut rest).is_err() && rest.is_empty(), "{seeks}");
    }
}

#[test]
fn chunks_have_bounds() {
    assert_eq!(ChunkLength::new(1024), Some(ChunkLength::LEAST));
    assert_eq!((ChunkLength::new(1023), ChunkLength::new(16 * 1024 * 1024 + 1)), (None, None));
    let (key, mut random) = key();
    let mut sealer = key.stream_sealer(PART, ChunkLength::LEAST, &mut random).expect("a sealer");
    assert_eq!(sealer.seal_next(&mut [0; CHUNK - 1]), Err(SealError::ChunkLength));
    sealer.seal_next(&mut [0; CHUNK]).expect("sealed");
    sealer.next = MOST_CHUNKS;
    assert_eq!(sealer.seal_next(&mut [0; CHUNK]), Err(SealError::KeyUsedUp));
    assert_eq!(sealer.seal_last(&mut []), Err(SealError::ChunkLength));
}

#[test]
fn a_writer_that_failed_says_so_ever_after() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (key, mut random) = key();
    let mut writer = key.seal_stream(PART, ChunkLength::LEAST, Full(STREAM_HEADER_LENGTH), &mut random).expect("begun");
    assert!(writer.write_all(&plain(2 * CHUNK)).is_err());
    assert!(writer.write_all(b"more").is_err());
    assert!(writer.finish().is_err());
}

proptest! {
    #[test]
    fn a_range_is_what_stands_there(length in 0_usize..5000, from in 0_usize..5500, count in 0_usize..3000, back in 0_i64..900) {
        let (key, mut random) = key();
        let (plain, stream) = (plain(length), sealed(&key, &mut random, &plain(length)));
        let mut reader = key.open_stream(PART, Cursor::new(stream)).expect("begun");
        let from = from.min(length);
        let until = (from + count).min(length);
        prop_assert_eq!(reader.seek(SeekFrom::Start(from as u64)).expect("found"), from as u64);
        let mut range = Vec::new();
        reader.by_ref().take(count as u64).read_to_end(&mut range).expect("read");
        prop_assert_eq!(&range, &plain[from..until]);
        prop_assert_eq!(reader.stream_position().expect("known"), until as u64);
        let Some(earlier) = (until as u64).checked_add_signed(-back) else {
            prop_assert!(reader.seek(SeekFrom::Current(-back)).is_err());
            return Ok(());
        };
        prop_assert_eq!(reader.seek(SeekFrom::Current(-back)).expect("found"), earlier);
        range.clear();
        reader.read_to_end(&mut range).expect("read");
        prop_assert_eq!(&range, &plain[earlier as usize..]);
        prop_assert_eq!(reader.seek(SeekFrom::End(9)).expect("found"), length as u64);
    }

    #[test]
    fn no_bytes_make_it_panic(header in prop::collection::vec(any::<u8>(), 0..70), body: Vec<u8>) {
        let (key, _) = key();
        let bytes = [&[1, 4][..], &header, &body].concat();
        prop_assert!(opened(&key, PART, &bytes).is_err());
    }
}
