//! Collects facts: first and surest wins, contradictions are told, nothing is lost.

use std::ops::Range;

use gangway_domain::deal::{Deal, DealFormat, GoLiveTarget, Maturity, Reading, Sites, Unread};
use gangway_domain::fact::{Confidence, Fact, Level, Notice, Source};
use gangway_domain::money::{Currency, Money};
use jiff::civil::Date;

use crate::ReadContext;
use crate::source::{Passage, SourceText, place_of};
use crate::values::date::{Frame, Lean};

/// More entries than this in one list are not a deal but a dump; the rest stays unread.
const MAX_ITEMS: usize = 200;
/// More notices than this help nobody.
const MAX_NOTICES: usize = 100;

/// More sentences than this are a book; the rest stays unread.
const MAX_SENTENCES: usize = 10_000;

/// A total contract value that waits for the term to become an annual value.
pub(crate) struct PendingTotal {
    pub(crate) money: Money,
    pub(crate) months: Option<u32>,
    pub(crate) fact: Fact<Money>,
}

/// A price in crowns of a country that was guessed; it waits for the customer's country.
pub(crate) struct PendingCrown {
    /// Where the price was found.
    pub(crate) source: Source,
    /// How sure it is as soon as the country tells the currency.
    pub(crate) confidence: Confidence,
}

/// The deal being read.
pub(crate) struct Builder<'c> {
    pub(crate) context: &'c ReadContext,
    /// Currency of amounts that name none.
    pub(crate) currency: Currency,
    pub(crate) deal: Deal,
    pub(crate) unread: Vec<Unread>,
    pub(crate) total: Option<PendingTotal>,
    pub(crate) crowns: Vec<PendingCrown>,
    /// The input is a handoff document that Gangway wrote: its lists are joined by commas and "and".
    pub(crate) own_document: bool,
    notices: Vec<Notice>,
    suppressed: usize,
    /// Facts and structure found so far, in text or fields.
    added: usize,
    /// Sentences that may still be searched for facts.
    sentences_left: usize,
    /// Byte ranges of facts.
    facts: Vec<Range<usize>>,
    /// Byte ranges of labels, headings, repeated facts and empty placeholders.
    structure: Vec<Range<usize>>,
}

/// How a value reads in a message.
pub(crate) trait Show {
    fn show(&self) -> String;
}

impl Show for String {
    fn show(&self) -> String {
        format!("“{}”", self.chars().take(60).collect::<String>())
    }
}
impl Show for u32 {
    fn show(&self) -> String {
        self.to_string()
    }
}
impl Show for Date {
    fn show(&self) -> String {
        self.to_string()
    }
}
impl Show for Money {
    fn show(&self) -> String {
        self.to_string()
    }
}
impl Show for Maturity {
    fn show(&self) -> String {
        format!("{self:?}").to_lowercase()
    }
}
impl Show for GoLiveTarget {
    fn show(&self) -> String {
        match self {
            Self::On { date } => date.to_string(),
            Self::Within { days } => format!("{days} days after kickoff"),
        }
    }
}
impl Show for Sites {
    fn show(&self) -> String {
        format!("{} × {}", self.count, self.noun)
    }
}

impl<'c> Builder<'c> {
    pub(crate) fn new(context: &'c ReadContext) -> Self {
        Self {
            context,
            currency: context.default_currency,
            deal: Deal::default(),
            unread: Vec::new(),
            total: None,
            crowns: Vec::new(),
            own_document: false,
            notices: Vec::new(),
            suppressed: 0,
            sentences_left: MAX_SENTENCES,
            added: 0,
            facts: Vec::new(),
            structure: Vec::new(),
        }
    }

    /// How dates without a year and ambiguous dates are read.
    pub(crate) fn frame(&self, lean: Lean) -> Frame {
        Frame { today: self.context.today, order: self.context.date_order, lean }
    }

    pub(crate) fn has_notice(&self, code: &str) -> bool {
        self.notices.iter().any(|notice| notice.code == code)
    }

    /// Whether another sentence may be searched for facts; tells when the limit is reached.
    pub(crate) fn takes_sentence(&mut self, passage: Passage<'_>) -> bool {
        if self.sentences_left == 0 {
            if !self.has_notice("too_long") {
                self.warn("too_long", format!("only the first {MAX_SENTENCES} sentences are searched for facts; the rest stays unread"), passage);
            }
            return false;
        }
        self.sentences_left -= 1;
        true
    }

    /// How many notices there are, to look at those that follow.
    pub(crate) fn notice_count(&self) -> usize {
        self.notices.len()
    }

    /// The notices since a count.
    pub(crate) fn notices_since(&self, count: usize) -> impl Iterator<Item = &Notice> {
        self.notices.iter().skip(count)
    }

    pub(crate) fn notice(
        &mut self,
        level: Level,
        code: &str,
        message: impl Into<String>,
        passage: Option<Passage<'_>>,
    ) {
        let message = match passage {
            Some(passage) => format!("{}: {}", passage.place(), message.into()),
            None => message.into(),
        };
        self.push_notice(Notice {
            level,
            code: code.to_owned(),
            message,
            span: passage.and_then(Passage::span),
        });
    }

    pub(crate) fn push_notice(&mut self, notice: Notice) {
        if self.notices.len() < MAX_NOTICES {
            self.notices.push(notice);
        } else {
            self.suppressed += 1;
        }
    }

    pub(crate) fn warn(&mut self, code: &str, message: impl Into<String>, passage: Passage<'_>) {
        self.notice(Level::Warning, code, message, Some(passage));
    }

    pub(crate) fn info(&mut self, code: &str, message: impl Into<String>, passage: Passage<'_>) {
        self.notice(Level::Info, code, message, Some(passage));
    }

    /// Marks words that are structure: a label, a heading, an unfilled placeholder.
    pub(crate) fn structure(&mut self, passage: Passage<'_>) {
        self.added += 1;
        self.structure.extend(passage.range());
    }

    fn fact_at(&mut self, passage: Passage<'_>) {
        self.added += 1;
        self.facts.extend(passage.range());
    }

    /// Sets a single-valued fact, or tells that the deal says two things. Whether it was taken.
    pub(crate) fn set<T: Show + PartialEq>(
        &mut self,
        name: &str,
        slot: impl Fn(&mut Deal) -> &mut Option<Fact<T>>,
        value: T,
        passage: Passage<'_>,
        confidence: Confidence,
    ) -> bool {
        let new = Fact { value, source: passage.source(), confidence };
        let old = slot(&mut self.deal).take();
        let (kept, taken) = match old {
            None => (new, true),
            Some(old) if old.value == new.value => {
                // Said twice, the same: the second place is understood too.
                self.structure(passage);
                let surer = new.confidence > old.confidence;
                (if surer { new } else { old }, surer)
            }
            Some(old) => {
                let surer = new.confidence > old.confidence;
                let (kept, other) = if surer { (new, old) } else { (old, new) };
                self.notice(
                    Level::Warning,
                    "contradiction",
                    format!(
                        "{name} is given twice: {} ({}) and {} ({}). The {} is used; check which is right.",
                        kept.value.show(),
                        place_of(&kept.source),
                        other.value.show(),
                        place_of(&other.source),
                        if surer { "clearer one" } else { "first" },
                    ),
                    Some(passage),
                );
                // Both places are shown in the notice; the value not taken stays unread in the text.
                (kept, surer)
            }
        };
        *slot(&mut self.deal) = Some(kept);
        if taken {
            self.fact_at(passage);
        } else if passage.path().is_some() {
            // A field has no text that could stay unread by itself.
            if self.structure_of_field_is_new(passage) {
                self.keep_unread(passage);
            }
        }
        taken
    }

    fn structure_of_field_is_new(&self, passage: Passage<'_>) -> bool {
        !self.unread.iter().any(|unread| unread.path.as_deref() == passage.path())
    }

    /// Adds to a list unless it is there already. Whether it was new.
    pub(crate) fn add<T: PartialEq>(
        &mut self,
        list: impl Fn(&mut Deal) -> &mut Vec<Fact<T>>,
        value: T,
        passage: Passage<'_>,
        confidence: Confidence,
    ) -> bool {
        let items = list(&mut self.deal);
        if items.iter().any(|item| item.value == value) {
            self.structure(passage);
            return false;
        }
        if items.len() >= MAX_ITEMS {
            if !self.has_notice("too_many") {
                self.warn(
                    "too_many",
                    format!("only the first {MAX_ITEMS} entries of a list are read; the rest stays unread"),
                    passage,
                );
            }
            return false;
        }
        items.push(Fact { value, source: passage.source(), confidence });
        self.fact_at(passage);
        true
    }

    /// A number that grows with everything understood, to see whether a reader took anything.
    pub(crate) fn fact_count(&self) -> usize {
        self.added
    }

    /// Counts a passage as understood for a fact that is set later.
    pub(crate) fn claim(&mut self, passage: Passage<'_>) {
        self.fact_at(passage);
    }

    /// Keeps the value of a field that was not understood.
    pub(crate) fn keep_unread(&mut self, passage: Passage<'_>) {
        if passage.path().is_some() && !passage.is_empty() {
            self.unread.push(Unread {
                text: passage.text.to_owned(),
                span: None,
                path: passage.path().map(str::to_owned),
            });
        }
    }

    /// Everything between what was understood stays as unread text, in order.
    fn collect_unread(&mut self, source: &SourceText) {
        let mut known: Vec<Range<usize>> = self.facts.iter().chain(&self.structure).cloned().collect();
        known.sort_by_key(|range| (range.start, range.end));
        let mut at = 0;
        let end = source.text().len();
        for range in known.into_iter().chain(std::iter::once(end..end)) {
            if range.start > at {
                self.gap(source, at..range.start);
            }
            at = at.max(range.end);
        }
    }

    /// One stretch of text that no fact covers: words are kept, connecting words and punctuation are not.
    fn gap(&mut self, source: &SourceText, range: Range<usize>) {
        let text = source.text().get(range.clone()).unwrap_or("");
        for line in crate::lines::paragraph_lines(text) {
            let at_line_start = range.start + line.start == 0
                || source.text().get(..range.start + line.start).is_some_and(|head| head.ends_with('\n'));
            let mut piece = source.passage(range.start + line.start..range.start + line.end);
            if at_line_start {
                // The number or mark of a list item says nothing by itself.
                let bullet = crate::lines::bullet_length(piece.text);
                self.structure.extend(piece.sub(0..bullet).range());
                piece = piece.sub(bullet..piece.text.len());
            }
            let piece = piece.trim_matches(|c: char| {
                !c.is_alphanumeric() && !matches!(c, '$' | '€' | '£' | '¥' | '%' | '(' | ')' | '[' | ']')
            });
            let piece = piece.sub(crate::lines::within_loose_brackets(piece.text)).trim();
            if piece.is_empty() || !piece.text.contains(char::is_alphanumeric) {
                continue;
            }
            if crate::lines::only_connects(piece.text) {
                self.structure.extend(piece.range());
                continue;
            }
            self.unread.push(Unread { text: piece.text.to_owned(), span: piece.span(), path: None });
        }
    }

    /// The reading; with the source text given, all that was not understood is added.
    pub(crate) fn finish(
        mut self,
        format: DealFormat,
        source: Option<&SourceText>,
    ) -> (Reading, Vec<Range<usize>>) {
        crate::check::finish(&mut self);
        if let Some(source) = source {
            self.collect_unread(source);
        }
        if self.suppressed > 0 {
            let message = format!("{} further remarks of the same kind are not listed.", self.suppressed);
            self.notices.push(Notice::warning("more_notices", message));
        }
        self.notices.extend(crate::limits::bound_unread(&mut self.unread));
        self.notices.iter_mut().for_each(crate::limits::bound_notice);
        let mut covered = self.structure;
        covered.extend(self.facts);
        (Reading { format, deal: self.deal, unread: self.unread, notices: self.notices }, covered)
    }
}
