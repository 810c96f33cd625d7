//! Why something is refused or cannot be used, as stable codes: portals have words for each in each of their
//! languages, and everybody else reads the English ones here.

use std::fmt;

use crate::people::words;
use crate::upload;

words! {
    /// Why somebody of a customer cannot do something now.
    Barrier: "barrier" {
        /// The form is with the team.
        FormHandedIn = "form-handed-in", "this form was handed in: ask for it to be returned to change it";
        /// The survey takes no answers any more.
        SurveyOver = "survey-over", "this survey is over; thank you all the same";
        /// It was done on an earlier day.
        DoneBefore = "done-before", "only what was done today can be taken back here";
        /// Something else of the plan comes first, or the onboarding is over.
        PlanRefuses = "plan-refuses", "the plan does not allow this now: ask whoever runs the onboarding";
        /// The onboarding is completed or closed.
        OnboardingOver = "onboarding-over", "the onboarding is over: everything stays as it is";
        /// The task is done, or nobody does it.
        TaskOver = "task-over", "this task is over: nobody needs to do it any more";
        /// Somebody decided about the change request before.
        ChangeDecided = "change-decided", "nobody is asked about this change any more";
        /// The product is in use.
        LiveAlready = "live-already", "it is live already";
        /// The product is not in use yet.
        NotLive = "not-live", "hypercare begins with the go-live";
        /// The weeks of close support are over.
        HypercareOver = "hypercare-over", "hypercare has ended: what comes up now goes to support";
        /// Nobody needs to say it.
        FactsTell = "facts-tell", "the facts tell whether this holds";
        /// A colleague said yes or no before.
        SaidByColleague = "said-by-colleague",
            "a colleague has answered this already: talk to them or to whoever runs the onboarding";
        /// Both sides agreed to the outcome before.
        OutcomeAgreed = "outcome-agreed", "this outcome was agreed already";
        /// The outcome does not say how it is measured.
        OutcomeVague = "outcome-vague",
            "it cannot be agreed before it says what is measured: nobody could tell whether it is there";
        /// The customer has said yes before.
        OutcomeConfirmed = "outcome-confirmed", "this outcome is confirmed already";
        /// There is no figure yet.
        OutcomeUnmeasured = "outcome-unmeasured", "nothing was measured of this outcome yet";
        /// Its figures are not where they should be.
        OutcomeNotReached = "outcome-not-reached",
            "only an outcome that is reached can be confirmed: measure it first";
        /// Nothing proves its figures.
        OutcomeUnproven = "outcome-unproven",
            "no measurement shows evidence: add words, a link or a file to one, so that the yes holds";
        /// The track ends without questions.
        NoQuestions = "no-questions", "this track ends without questions";
        /// A trainer has not read the last answers yet.
        AnswersWait = "answers-wait", "a trainer reads the last answers first";
        /// The questions were answered well enough before.
        AssessmentPassed = "assessment-passed", "the assessment is passed already";
        /// A sheet without a single answer.
        NothingAnswered = "nothing-answered", "no question was answered, so it does not count as a try";
        /// There is no try left.
        TriesUsed = "tries-used", "all tries are used up: talk to a trainer";
        /// The track does not ask again later.
        NoFollowUp = "no-follow-up", "this track is not asked about again";
        /// The questions of the track come before those a month later.
        AssessmentFirst = "assessment-first", "the assessment comes first";
        /// The questions a month later were answered.
        FollowUpAnswered = "follow-up-answered", "the follow-up was answered already";
        /// What was learned a moment ago says nothing about what stays.
        FollowUpEarly = "follow-up-early",
            "it is too early for the follow-up: it is there to see what stayed after some weeks";
    }
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

words! {
    /// What is wrong with something sent: the rest of a sentence that begins with its field. `{n}` and the like are
    /// filled in.
    Fault: "fault" {
        /// Nothing was sent.
        Missing = "missing", "is missing";
        /// A no without a reason.
        NeedsReason = "needs-reason", "is missing: say what is not ready";
        /// No file was sent.
        NeedsFile = "needs-file", "needs a file";
        /// Longer than fits.
        TooLong = "too-long", "is longer than {n} characters";
        /// A control character.
        Unseen = "unseen", "has a character that cannot be shown";
        /// Not a mail address.
        NoAddress = "no-address", "is not a mail address such as name@example.com";
        /// Not a mail address, in a field of a form.
        Address = "address", "must be a mail address";
        /// Not a whole number.
        Number = "number", "must be a whole number";
        /// Too small a number.
        AtLeast = "at-least", "must be {n} at least";
        /// Too large a number.
        AtMost = "at-most", "must be {n} at most";
        /// Not a day.
        Day = "day", "must be a day such as 2027-01-31";
        /// None of the options.
        OneOf = "one-of", "must be one of: {options}";
        /// None of the options of a field that takes several.
        NotOffered = "not-offered", "does not offer “{value}”";
        /// Neither yes nor no.
        YesOrNo = "yes-or-no", "must be yes or no";
        /// Longer than a field of a form takes.
        Characters = "characters", "must have {n} characters at most";
        /// A table larger than a form takes.
        Kilobytes = "kilobytes", "must have {n} kB at most";
        /// The first line of a table does not name a column.
        NoColumn = "no-column", "has no column “{column}” in its first line";
        /// Something is wrong in a cell of a table.
        InLine = "in-line", "line {n}: {column} {what}";
        /// A value that must stand once.
        Twice = "twice", "“{value}” stands there twice";
        /// Too many lines.
        RowsAtMost = "rows-at-most", "has {n} rows; {most} are the most";
        /// Too few lines.
        RowsAtLeast = "rows-at-least", "has {n} rows; {least} are the least";
        /// There are further mistakes.
        More = "more", "and {n} more";
        /// The survey has no such question.
        NotAsked = "not-asked", "does not ask for that";
        /// Outside of a scale.
        Scale = "scale", "takes a number from {low} to {high}";
        /// None of the choices of a question.
        Choices = "choices", "takes one of its choices";
        /// Longer than a question takes.
        AnswerTooLong = "answer-too-long", "takes {n} characters at most";
        /// Nothing of a survey was answered.
        Unanswered = "unanswered", "waits for an answer, or any other does";
        /// More answers than a form holds.
        TooMuch = "too-much", "are more than a form holds";
        /// An empty file.
        FileEmpty = "file-empty", "is empty";
        /// Too large a file.
        FileTooLarge = "file-too-large", "is larger than 10 MB";
        /// The name of a file cannot be kept.
        FileName = "file-name", "has a name that cannot be kept";
        /// Another kind of file.
        FileKind = "file-kind",
            "is of a kind that is not taken: use PDF, Word, Excel, PowerPoint, CSV, text, PNG or JPEG";
        /// Something else than its name says.
        FileOther = "file-other", "is not what the end of its name says: save it again under its own kind";
        /// Something in it runs when it is opened.
        FileMacros = "file-macros", "holds macros: save it without them";
        /// No CSV file.
        NoCsv = "no-csv", "is no CSV file of up to 1 MB";
        /// The field takes no file.
        WrongField = "wrong-field", "does not belong into this field";
        /// There are enough files.
        FilesEnough = "files-enough", "is one too many: {n} at most";
        /// Somebody who does not take part.
        Nobody = "nobody", "is nobody who takes part";
        /// Somebody the team has shut out.
        NotInvited = "not-invited", "cannot be invited: ask your contact person";
        /// Somebody who has access.
        HasAccess = "has-access", "has access already";
        /// The name of somebody else who is known.
        NameTaken = "name-taken", "is the name of somebody we know already: ask your contact person";
        /// An address in place of a name.
        NameAddress = "name-address", "holds an address: write the name alone";
        /// Not between 1 and 5.
        Rating = "rating", "must be between 1 and 5";
        /// No part of the track.
        NotOfTrack = "not-of-track", "is none of this track";
        /// Answers longer than are kept.
        AnswersTooLong = "answers-too-long", "are longer than {n} characters";
        /// Somebody gave the approval before.
        GivenAlready = "given-already", "was given already";
        /// An approval nobody asks for.
        NotNeeded = "not-needed", "is none that is needed";
    }
}

impl From<upload::Refused> for Fault {
    fn from(refused: upload::Refused) -> Self {
        match refused {
            upload::Refused::Empty => Self::FileEmpty,
            upload::Refused::Name => Self::FileName,
            upload::Refused::Kind => Self::FileKind,
            upload::Refused::Other => Self::FileOther,
            upload::Refused::Macros => Self::FileMacros,
        }
    }
}

/// What is wrong, with what is filled into its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its code.
    pub fault: Fault,
    /// What stands for `{n}` and the like.
    pub values: Vec<(&'static str, String)>,
    /// What stands for `{what}`: a mistake in a cell of a table.
    pub what: Option<Box<Told>>,
}

impl From<Fault> for Told {
    fn from(fault: Fault) -> Self {
        Self { fault, values: Vec::new(), what: None }
    }
}

impl Told {
    /// The same with a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The same about a part.
    #[must_use]
    pub fn about(self, what: Self) -> Self {
        Self { what: Some(Box::new(what)), ..self }
    }

    /// Fills the words of a language in: `say` knows them by code, `said` says a value in that language.
    #[must_use]
    pub fn in_words<'a>(&self, say: &impl Fn(Fault) -> &'a str, said: &impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        let mut rest = say(self.fault);
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, tail)) = after.split_once('}') else { break };
            match (&self.what, self.values.iter().find(|(known, _)| *known == name)) {
                (Some(what), None) if name == "what" => text.push_str(&what.in_words(say, said)),
                (_, Some((_, value))) => text.push_str(&said(value)),
                (_, None) => {}
            }
            rest = tail;
        }
        text.push_str(rest);
        text
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(&Fault::label, &str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_a_cell_is_told_with_its_line() {
        let cell = Told::from(Fault::AtLeast).with("n", 3);
        let line = Told::from(Fault::InLine).with("n", 7).with("column", "Records").about(cell);
        assert_eq!(line.to_string(), "line 7: Records must be 3 at least");
        assert_eq!(Told::from(Fault::Missing).to_string(), "is missing");
    }

    #[test]
    fn a_file_is_refused_with_the_same_words_everywhere() {
        for refused in [
            upload::Refused::Empty,
            upload::Refused::Name,
            upload::Refused::Kind,
            upload::Refused::Other,
            upload::Refused::Macros,
        ] {
            assert_eq!(Fault::from(refused).label(), refused.to_string());
        }
    }

    #[test]
    fn values_stay_as_they_were_typed() {
        let told = Told::from(Fault::Twice).with("value", "{n} {what}");
        assert_eq!(told.to_string(), "“{n} {what}” stands there twice");
    }
}
