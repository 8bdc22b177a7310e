//! The canonical bytes of an event. The format stands at [`Event::to_bytes`].

use chrono::DateTime;

use crate::merkle::Hash;

use super::{Action, Agent, Event, Exclusion, Kind, Outcome, PolicyReference, Reason, Recipient, RecordReference};

/// Without what a record was stored as, and without sealed bytes.
const PLAIN: u8 = 1;
/// Without what a record is found by, from where and through what the agent asked, and which policy and consents decided.
const SEALED: u8 = 2;
const WHOLE: u8 = 3;
const ABSENT: u8 = 0;
const PRESENT: u8 = 1;

/// Bytes that are not an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {fault}")]
pub struct DecodeError {
    /// Where in the bytes the fault was found, from 0.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with bytes that are not an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes end too early.
    #[error("the event ends too early")]
    TooShort,
    /// More bytes follow the event.
    #[error("more bytes follow the event")]
    TooLong,
    /// The format is not one that this version reads.
    #[error("unknown format")]
    Format,
    /// A number is too large or not in its shortest form.
    #[error("not a number in its shortest form")]
    Number,
    /// A text is not UTF-8.
    #[error("not UTF-8")]
    Text,
    /// A code has no meaning here.
    #[error("unknown code")]
    Code,
    /// The time does not exist.
    #[error("not a time")]
    Time,
}

pub(super) fn encode(event: &Event) -> Vec<u8> {
    // A new field fails to compile here until it has its place in the format.
    let Event {
        recorded,
        kind,
        action,
        outcome,
        agent,
        recipient,
        patient,
        record,
        purpose,
        exclusion,
        granted,
        withheld,
        reasons,
        obligations,
        break_glass,
        stored,
        sealed,
        found_by,
        policy,
        consents,
    } = event;
    let format = format_of(event);
    let mut writer = Writer(Vec::with_capacity(768 + sealed.as_ref().map_or(0, Vec::len)));
    writer.byte(format);
    writer.bytes(&recorded.timestamp().to_be_bytes());
    writer.bytes(&recorded.timestamp_subsec_nanos().to_be_bytes());
    writer.byte(*kind as u8);
    writer.byte(*action as u8);
    writer.byte(*outcome as u8);
    writer.agent(agent);
    writer.option(recipient.as_ref(), Writer::recipient);
    writer.option(patient.as_ref(), Writer::text);
    writer.option(record.as_ref(), Writer::record);
    writer.option(purpose.as_ref(), Writer::text);
    writer.option(exclusion.as_ref(), |writer, exclusion| writer.byte(*exclusion as u8));
    writer.list(granted, Writer::text);
    writer.list(withheld, Writer::text);
    writer.list(reasons, Writer::reason);
    writer.list(obligations, Writer::text);
    writer.option(break_glass.as_ref(), Writer::text);
    if format >= SEALED {
        writer.option(stored.as_ref(), Writer::hash);
        writer.option(sealed.as_ref(), |writer, sealed| writer.counted(sealed));
    }
    if format >= WHOLE {
        writer.option(found_by.as_ref(), Writer::hash);
        writer.origin(agent);
        writer.option(policy.as_ref(), Writer::policy);
        writer.list(consents, Writer::text);
    }
    writer.0
}

/// The lowest format that has all that is known of an event.
fn format_of(event: &Event) -> u8 {
    let Agent { place, address, client, .. } = &event.agent;
    let from_nowhere = place.is_none() && address.is_none() && client.is_none();
    let by_nothing = event.policy.is_none() && event.consents.is_empty();
    match (&event.stored, &event.sealed, &event.found_by) {
        (None, None, None) if from_nowhere && by_nothing => PLAIN,
        (_, _, None) if from_nowhere && by_nothing => SEALED,
        _ => WHOLE,
    }
}

pub(super) fn decode(bytes: &[u8]) -> Result<Event, DecodeError> {
    let mut reader = Reader { bytes, offset: 0 };
    let format = reader.format()?;
    // The fields of a struct expression are read in the order in which they stand here.
    let mut event = Event {
        recorded: reader.time()?,
        kind: reader.code(&Kind::ALL, |kind| kind as u8)?,
        action: reader.code(&Action::ALL, |action| action as u8)?,
        outcome: reader.code(&Outcome::ALL, |outcome| outcome as u8)?,
        agent: reader.agent()?,
        recipient: reader.option(Reader::recipient)?,
        patient: reader.option(Reader::text)?,
        record: reader.option(Reader::record)?,
        purpose: reader.option(Reader::text)?,
        exclusion: reader.option(|reader| reader.code(&Exclusion::ALL, |exclusion| exclusion as u8))?,
        granted: reader.list(Reader::text)?,
        withheld: reader.list(Reader::text)?,
        reasons: reader.list(Reader::reason)?,
        obligations: reader.list(Reader::text)?,
        break_glass: reader.option(Reader::text)?,
        stored: None,
        sealed: None,
        found_by: None,
        policy: None,
        consents: Vec::new(),
    };
    let mut added = reader.fault(Fault::Format);
    if format >= SEALED {
        event.stored = reader.option(Reader::hash)?;
        event.sealed = reader.option(|reader| reader.counted().map(<[u8]>::to_vec))?;
    }
    if format >= WHOLE {
        added = reader.fault(Fault::Format);
        event.found_by = reader.option(Reader::hash)?;
        reader.origin(&mut event.agent)?;
        event.policy = reader.option(Reader::policy)?;
        event.consents = reader.list(Reader::text)?;
    }
    if format_of(&event) != format {
        return Err(added);
    }
    if reader.bytes.is_empty() { Ok(event) } else { Err(reader.fault(Fault::TooLong)) }
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Disclosure,
        Self::BreakGlass,
        Self::Denial,
        Self::Write,
        Self::KeyDestruction,
        Self::KeyRotation,
        Self::PolicyChange,
        Self::Hold,
        Self::Merge,
        Self::Search,
    ];
}

impl Action {
    const ALL: [Self; 5] = [Self::Create, Self::Read, Self::Update, Self::Delete, Self::Execute];
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Success, Self::MinorFailure, Self::SeriousFailure, Self::MajorFailure];
}

impl Exclusion {
    const ALL: [Self; 11] = [
        Self::Treatment,
        Self::Payment,
        Self::Operations,
        Self::Individual,
        Self::Incidental,
        Self::Authorization,
        Self::Directory,
        Self::NationalSecurity,
        Self::Custody,
        Self::LimitedDataSet,
        Self::InternalUse,
    ];
}

struct Writer(Vec<u8>);

impl Writer {
    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    fn text(&mut self, text: &String) {
        self.counted(text.as_bytes());
    }

    fn counted(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes(bytes);
    }

    fn option<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        match value {
            Some(value) => {
                self.byte(PRESENT);
                write(self, value);
            }
            None => self.byte(ABSENT),
        }
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    fn hash(&mut self, hash: &Hash) {
        self.bytes(hash.as_bytes());
    }

    fn agent(&mut self, Agent { id, role, organization, place: _, address: _, client: _ }: &Agent) {
        self.text(id);
        self.text(role);
        self.option(organization.as_ref(), Self::text);
    }

    /// From where and through what an agent asked: what [`agent`](Self::agent) leaves out.
    fn origin(&mut self, Agent { id: _, role: _, organization: _, place, address, client }: &Agent) {
        for text in [place, address, client] {
            self.option(text.as_ref(), Self::text);
        }
    }

    fn policy(&mut self, PolicyReference { name, version, digest }: &PolicyReference) {
        self.text(name);
        self.text(version);
        self.hash(digest);
    }

    fn recipient(&mut self, Recipient { name, address }: &Recipient) {
        self.text(name);
        self.option(address.as_ref(), Self::text);
    }

    fn record(&mut self, RecordReference { resource_type, id, version }: &RecordReference) {
        self.text(resource_type);
        self.text(id);
        self.number(*version);
    }

    fn reason(&mut self, Reason { rule, citation }: &Reason) {
        self.text(rule);
        self.option(citation.as_ref(), Self::text);
    }
}

struct Reader<'a> {
    /// What is still to be read.
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    fn fault(&self, fault: Fault) -> DecodeError {
        DecodeError { offset: self.offset, fault }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or_else(|| self.fault(Fault::TooShort))?;
        self.bytes = rest;
        self.offset += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or_else(|| self.fault(Fault::TooShort))?;
        self.bytes = rest;
        self.offset += N;
        Ok(*taken)
    }

    fn format(&mut self) -> Result<u8, DecodeError> {
        match self.bytes.first() {
            Some(&format @ (PLAIN | SEALED | WHOLE)) => self.take(1).map(|_| format),
            Some(_) => Err(self.fault(Fault::Format)),
            None => Err(self.fault(Fault::TooShort)),
        }
    }

    fn number(&mut self) -> Result<u64, DecodeError> {
        let wrong = self.fault(Fault::Number);
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            let last = byte & 0x80 == 0;
            let in_shortest_form = !last || bits != 0 || shift == 0;
            if (bits << shift) >> shift != bits || !in_shortest_form {
                return Err(wrong);
            }
            number |= bits << shift;
            if last {
                return Ok(number);
            }
        }
        Err(wrong)
    }

    fn text(&mut self) -> Result<String, DecodeError> {
        let bytes = self.counted()?;
        let not_text = DecodeError { offset: self.offset - bytes.len(), fault: Fault::Text };
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| not_text)
    }

    fn counted(&mut self) -> Result<&'a [u8], DecodeError> {
        // A length beyond the address space is beyond the bytes as well.
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        self.take(length)
    }

    fn code<T: Copy>(&mut self, all: &[T], code: impl Fn(T) -> u8) -> Result<T, DecodeError> {
        let unknown = self.fault(Fault::Code);
        let [byte] = self.array()?;
        all.iter().copied().find(|value| code(*value) == byte).ok_or(unknown)
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, DecodeError>) -> Result<Option<T>, DecodeError> {
        let unknown = self.fault(Fault::Code);
        match self.array()? {
            [ABSENT] => Ok(None),
            [PRESENT] => read(self).map(Some),
            _ => Err(unknown),
        }
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
        // An item takes at least one byte, so a huge count meets the end soon; it never sizes an allocation.
        (0..self.number()?).map(|_| read(self)).collect()
    }

    fn time(&mut self) -> Result<DateTime<chrono::Utc>, DecodeError> {
        let not_a_time = self.fault(Fault::Time);
        let seconds = i64::from_be_bytes(self.array()?);
        let nanoseconds = u32::from_be_bytes(self.array()?);
        DateTime::from_timestamp(seconds, nanoseconds).ok_or(not_a_time)
    }

    fn agent(&mut self) -> Result<Agent, DecodeError> {
        let (id, role) = (self.text()?, self.text()?);
        Ok(Agent { organization: self.option(Self::text)?, ..Agent::new(id, role) })
    }

    fn origin(&mut self, agent: &mut Agent) -> Result<(), DecodeError> {
        for text in [&mut agent.place, &mut agent.address, &mut agent.client] {
            *text = self.option(Self::text)?;
        }
        Ok(())
    }

    fn policy(&mut self) -> Result<PolicyReference, DecodeError> {
        Ok(PolicyReference { name: self.text()?, version: self.text()?, digest: self.hash()? })
    }

    fn hash(&mut self) -> Result<Hash, DecodeError> {
        self.array().map(Hash::from)
    }

    fn recipient(&mut self) -> Result<Recipient, DecodeError> {
        Ok(Recipient { name: self.text()?, address: self.option(Self::text)? })
    }

    fn record(&mut self) -> Result<RecordReference, DecodeError> {
        Ok(RecordReference { resource_type: self.text()?, id: self.text()?, version: self.number()? })
    }

    fn reason(&mut self) -> Result<Reason, DecodeError> {
        Ok(Reason { rule: self.text()?, citation: self.option(Self::text)? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{sample, whole_sample};
    use super::*;
    use proptest::prelude::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// These bytes are kept for ever: a format never changes.
    #[test]
    fn golden_bytes() {
        let event = sample();
        let golden = [
            "01",
            "0000000069cd08c00ee6b280",
            "025200",
            "0773746166662d370970687973696369616e010e4e6f72746820486f73706974616c",
            "010d44722e20496461205175696c6c010b3120486172626f72205264",
            "010d70617469656e742d746f6b656e",
            "0109436f6e646974696f6e03632d31c801",
            "0106455452454154",
            "0101",
            "0208436c696e6963616c044e616d65",
            "01094e6172726174697665",
            "0109656d657267656e6379010e343520434652203136342e353036",
            "0106726576696577",
            "010b756e636f6e7363696f7573",
        ];
        assert_eq!(hex(&encode(&event)), golden.concat());
        let leaf_hash = "004d87c5a03e390c172f6e9602efbaa80ea9013f23d009c797c28b2726aa28c5";
        assert_eq!(event.leaf_hash().to_string(), leaf_hash);

        // And format 2: the same, and what is new behind it.
        let mut event = event;
        (event.stored, event.sealed) = (Some(Hash::from([0xab; 32])), Some(vec![1, 2, 3]));
        let [_, same @ ..] = &golden;
        let added = ["01".to_owned(), "ab".repeat(32), "0103010203".to_owned()].concat();
        assert_eq!(hex(&encode(&event)), format!("02{}{added}", same.concat()));

        // And format 3, likewise.
        let event = whole_sample();
        let found_by = format!("01{}", "cd".repeat(32));
        let from = "0106776172642d3301093139322e302e322e37010c67726f7774682d6368617274";
        let policy = format!("010e4e6f72746820486f73706974616c0137{}", "ef".repeat(32));
        let consents = "0109436f6e73656e742f39";
        let whole = format!("03{}{added}{found_by}{from}{policy}{consents}", same.concat());
        assert_eq!(hex(&encode(&event)), whole);
        let leaf_hash = "d0edcd087a8c536c63569cf6468446aa4d06e80c78b8187911756cbc84f31cf3";
        assert_eq!(event.leaf_hash().to_string(), leaf_hash);
    }

    #[test]
    fn every_beginning_is_too_short_and_every_addition_too_long() {
        let mut sealed = sample();
        sealed.sealed = Some(vec![7; 200]);
        for event in [sample(), sealed, whole_sample()] {
            let bytes = encode(&event);
            for end in 0..bytes.len() {
                assert_eq!(decode(&bytes[..end]).unwrap_err().fault, Fault::TooShort, "{end}");
            }
            let longer = [bytes.as_slice(), &[0]].concat();
            assert_eq!(decode(&longer), Err(DecodeError { offset: bytes.len(), fault: Fault::TooLong }));
        }
    }

    #[test]
    fn an_event_has_one_format() {
        let plain = encode(&sample());
        let mut sealed = sample();
        sealed.sealed = Some(vec![1]);
        let sealed = encode(&sealed);
        let cases = [
            ([&[SEALED], &plain[1..], &[ABSENT; 2]].concat(), plain.len()),
            ([&[WHOLE], &plain[1..], &[ABSENT; 8]].concat(), plain.len() + 2),
            ([&[WHOLE], &sealed[1..], &[ABSENT; 6]].concat(), sealed.len()),
        ];
        for (bytes, offset) in cases {
            assert_eq!(decode(&bytes), Err(DecodeError { offset, fault: Fault::Format }));
        }
    }

    /// Each of the fields of format 3 alone brings it about.
    #[test]
    fn the_lowest_format_that_has_it_all_is_written() {
        let (plain, whole) = (sample(), whole_sample());
        let with = |change: fn(&mut Event, &Event)| {
            let mut event = plain.clone();
            change(&mut event, &whole);
            assert_eq!(decode(&encode(&event)), Ok(event.clone()));
            encode(&event)[0]
        };
        assert_eq!(with(|_, _| ()), PLAIN);
        assert_eq!(with(|event, whole| event.stored = whole.stored), SEALED);
        assert_eq!(with(|event, whole| event.sealed.clone_from(&whole.sealed)), SEALED);
        assert_eq!(with(|event, whole| event.found_by = whole.found_by), WHOLE);
        assert_eq!(with(|event, whole| event.agent.place.clone_from(&whole.agent.place)), WHOLE);
        assert_eq!(with(|event, whole| event.agent.address.clone_from(&whole.agent.address)), WHOLE);
        assert_eq!(with(|event, whole| event.agent.client.clone_from(&whole.agent.client)), WHOLE);
        assert_eq!(with(|event, whole| event.policy.clone_from(&whole.policy)), WHOLE);
        assert_eq!(with(|event, whole| event.consents.clone_from(&whole.consents)), WHOLE);
    }

    #[test]
    fn faults_are_named_with_their_place() {
        let bytes = encode(&sample());
        let fault = |offset: usize, byte: u8| {
            let mut bytes = bytes.clone();
            bytes[offset] = byte;
            decode(&bytes).unwrap_err()
        };
        assert_eq!(fault(0, 4), DecodeError { offset: 0, fault: Fault::Format });
        assert_eq!(fault(1, 0x7f), DecodeError { offset: 1, fault: Fault::Time });
        assert_eq!(fault(13, 0), DecodeError { offset: 13, fault: Fault::Code });
        assert_eq!(fault(17, 0xff), DecodeError { offset: 17, fault: Fault::Text });
        assert_eq!(fault(17, 0xff).to_string(), "byte 17: not UTF-8");
    }

    #[test]
    fn a_number_has_one_form() {
        let read = |bytes: &[u8]| Reader { bytes, offset: 0 }.number().map_err(|error| error.fault);
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut writer = Writer(Vec::new());
            writer.number(number);
            assert_eq!(read(&writer.0), Ok(number));
        }
        assert_eq!(read(&[0x80, 0]), Err(Fault::Number));
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), Err(Fault::Number));
        assert_eq!(read(&[0x80; 11]), Err(Fault::Number));
    }

    prop_compose! {
        fn any_event()(
            seconds in -60_000_000_000_i64..60_000_000_000, nanoseconds in 0_u32..1_000_000_000,
            kind in prop::sample::select(&Kind::ALL[..]), action in prop::sample::select(&Action::ALL[..]),
            outcome in prop::sample::select(&Outcome::ALL[..]),
            exclusion in prop::option::of(prop::sample::select(&Exclusion::ALL[..])),
            words in prop::collection::vec(".{0,9}", 4),
            options in prop::collection::vec(prop::option::of(".{0,9}"), 5),
            lists in prop::collection::vec(prop::collection::vec(".{0,9}", 0..4), 4),
            version: u64,
            stored in prop::option::of(any::<[u8; 32]>()),
            sealed in prop::option::of(prop::collection::vec(any::<u8>(), 0..200)),
            added in prop::option::of((
                prop::option::of(any::<[u8; 32]>()),
                prop::collection::vec(prop::option::of(".{0,9}"), 4),
                prop::collection::vec(".{0,9}", 0..3),
            )),
        ) -> Event {
            let recorded = DateTime::from_timestamp(seconds, nanoseconds).unwrap();
            let mut event = Event::new(recorded, kind, action, Agent::new(&words[0], &words[1]));
            event.outcome = outcome;
            event.exclusion = exclusion;
            event.agent.organization = options[0].clone();
            event.recipient = options[1].clone().map(|address| Recipient { name: words[2].clone(), address: Some(address) });
            event.record = options[2].clone().map(|id| RecordReference::new(&words[3], id, version));
            event.patient = options[3].clone();
            event.break_glass = options[4].clone();
            (event.stored, event.sealed) = (stored.map(Hash::from), sealed);
            event.granted = lists[0].clone();
            event.withheld = lists[1].clone();
            event.obligations = lists[2].clone();
            event.reasons = lists[3].iter().map(|rule| Reason { rule: rule.clone(), citation: options[0].clone() }).collect();
            if let Some((hash, texts, consents)) = added {
                let policy = |name: &String| PolicyReference::new(name, &words[0], Hash::from(hash.unwrap_or_default()));
                event.found_by = hash.map(Hash::from);
                event.agent.place = texts[0].clone();
                event.agent.address = texts[1].clone();
                event.agent.client = texts[2].clone();
                event.policy = texts[3].as_ref().map(policy);
                event.consents = consents;
            }
            event
        }
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back(event in any_event()) {
            prop_assert_eq!(decode(&encode(&event)), Ok(event));
        }

        #[test]
        fn different_events_have_different_bytes(one in any_event(), other in any_event()) {
            prop_assert_eq!(one == other, encode(&one) == encode(&other));
        }

        #[test]
        fn bytes_that_read_are_the_bytes_that_would_be_written(
            place: prop::sample::Index, byte: u8, event in any_event(),
        ) {
            let mut bytes = encode(&event);
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if let Ok(read) = decode(&bytes) {
                prop_assert_eq!(encode(&read), bytes);
            }
        }

        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let behind_a_format = |format: u8| [&[format], bytes.as_slice()].concat();
            let _ = (decode(&bytes), [PLAIN, SEALED, WHOLE].map(|format| decode(&behind_a_format(format))));
        }
    }
}
