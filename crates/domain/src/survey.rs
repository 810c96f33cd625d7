//! Surveys: what an answer may be, when a survey goes out, and what the answers of several people say together.
//!
//! NPS is the share of promoters (9 and 10) less the share of detractors (0 to 6) [Reichheld 2003]; CSAT the share of
//! the two best of five; CES the mean of five, less is better.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::methodology::Question;
use crate::people::words;
use crate::refusal::{Fault, Told};

/// Longest answer in words, in characters.
pub const LONGEST: usize = 4_000;

words! {
    /// Where a survey stands.
    State: "state of a survey" {
        /// Its day is still to come.
        Planned = "planned", "Planned";
        /// People are asked.
        Sent = "sent", "Open";
        /// Nobody answers any more.
        Closed = "closed", "Closed";
        /// It does not go out.
        Skipped = "skipped", "Skipped";
    }
}

/// The lowest and the highest number a kind of question takes; none for kinds that are answered with words.
#[must_use]
pub fn scale(kind: &str) -> Option<(i64, i64)> {
    match kind {
        "nps" => Some((0, 10)),
        "scale10" => Some((1, 10)),
        "csat" | "ces" | "rating5" => Some((1, 5)),
        _ => None,
    }
}

/// What there is to answer in a question: each of its aspects, or the question itself (an empty text).
#[must_use]
pub fn aspects(question: &Question) -> Vec<&str> {
    if scale(&question.kind).is_some() && !question.options.is_empty() {
        question.options.iter().map(String::as_str).collect()
    } else {
        vec![""]
    }
}

/// The values one may choose from, in order; none for free text.
#[must_use]
pub fn choices(question: &Question) -> Vec<String> {
    match scale(&question.kind) {
        Some((low, high)) => (low..=high).map(|number| number.to_string()).collect(),
        None if question.kind == "choice" => question.options.clone(),
        None => Vec::new(),
    }
}

/// What somebody answered to one question, or to one aspect of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The question (id).
    pub question: String,
    /// The aspect that is rated; empty for the question itself.
    pub aspect: String,
    /// The number, where it is one.
    pub number: Option<i64>,
    /// The choice or the words; empty where it is a number.
    pub text: String,
}

/// Reads an answer; nothing when nothing was said.
///
/// # Errors
/// Why it is none, as the end of a sentence that begins with the question.
pub fn read(question: &Question, aspect: &str, given: &str) -> Result<Option<Answer>, Told> {
    let given = given.trim();
    if given.is_empty() {
        return Ok(None);
    }
    if !aspects(question).contains(&aspect) {
        return Err(Fault::NotAsked.into());
    }
    let answer = |number, text: &str| Answer {
        question: question.id.clone(),
        aspect: aspect.to_owned(),
        number,
        text: text.to_owned(),
    };
    if let Some((low, high)) = scale(&question.kind) {
        return match given.parse::<i64>() {
            Ok(number) if (low..=high).contains(&number) => Ok(Some(answer(Some(number), ""))),
            _ => Err(Told::from(Fault::Scale).with("low", low).with("high", high)),
        };
    }
    if question.kind == "choice" {
        return match question.options.iter().find(|option| option.as_str() == given) {
            Some(option) => Ok(Some(answer(None, option))),
            None => Err(Fault::Choices.into()),
        };
    }
    if given.chars().count() > LONGEST {
        return Err(Told::from(Fault::AnswerTooLong).with("n", LONGEST));
    }
    Ok(Some(answer(None, given)))
}

/// Of what a survey waits: a task or milestone of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The day the plan has for it.
    pub planned_on: Date,
    /// The day it was there; none while it is not.
    pub reached_on: Option<Date>,
}

/// The day a survey goes out, and whether it may go out then: not before what it asks about has happened. Days at
/// weekends move to Monday.
#[must_use]
pub fn moment(planned_on: Date, point: Option<Point>, days: i64) -> (Date, bool) {
    let Some(point) = point else { return (planned_on, true) };
    let from = point.reached_on.unwrap_or(point.planned_on);
    let day = from.saturating_add(days.days());
    let on = match day.weekday() {
        Weekday::Saturday => day.saturating_add(2.days()),
        Weekday::Sunday => day.saturating_add(1.day()),
        _ => day,
    };
    (on, point.reached_on.is_some())
}

/// What the answers to a question say together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Figure {
    /// Promoters less detractors, −100 to 100.
    Nps {
        /// The score.
        score: i64,
        /// People who said 9 or 10.
        promoters: i64,
        /// People who said 7 or 8.
        passives: i64,
        /// People who said 0 to 6.
        detractors: i64,
    },
    /// Share of the two best of five, in percent, and the mean in hundredths.
    Csat {
        /// The share.
        percent: i64,
        /// The mean, hundredths.
        mean: i64,
    },
    /// The mean in hundredths; of effort, less is better.
    Mean {
        /// The mean, hundredths.
        mean: i64,
    },
    /// How often each choice was taken.
    Choices,
    /// What people wrote.
    Words,
}

/// A question with what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The question (id).
    pub question: String,
    /// Its kind: `nps`, `csat`, `ces`, `rating5`, `scale10`, `choice`, `text`.
    pub kind: String,
    /// The question.
    pub text: String,
    /// The aspect; empty for the question itself.
    pub aspect: String,
    /// How many answered.
    pub answers: i64,
    /// What they say together; nothing when nobody answered.
    pub figure: Option<Figure>,
    /// How often each value was chosen, in order of the scale or the choices.
    pub spread: Vec<(String, i64)>,
    /// What was written.
    pub said: Vec<String>,
}

impl Summary {
    /// The figure in words: `NPS 50`, `80 % satisfied`, `4.25 of 5`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.figure {
            None => "no answer".to_owned(),
            Some(Figure::Nps { score, .. }) => format!("NPS {score}"),
            Some(Figure::Csat { percent, .. }) => format!("{percent} % satisfied"),
            Some(Figure::Mean { mean }) => {
                let best = scale(&self.kind).map_or(5, |(_, high)| high);
                format!("{}.{:02} of {best}", mean / 100, mean % 100)
            }
            Some(Figure::Choices) => {
                let most = self.spread.iter().rev().max_by_key(|(_, count)| *count);
                most.map_or_else(String::new, |(choice, count)| {
                    format!("{choice}: {count} of {}", self.answers)
                })
            }
            Some(Figure::Words) if self.answers == 1 => "1 comment".to_owned(),
            Some(Figure::Words) => format!("{} comments", self.answers),
        }
    }
}

/// What answers say together, question by question, aspect by aspect. Answers to other questions are left out.
#[must_use]
pub fn summarise(questions: &[Question], answers: &[Answer]) -> Vec<Summary> {
    let mut all = Vec::new();
    for question in questions {
        for aspect in aspects(question) {
            let of: Vec<&Answer> =
                answers.iter().filter(|one| one.question == question.id && one.aspect == aspect).collect();
            all.push(summary(question, aspect, &of));
        }
    }
    all
}

fn summary(question: &Question, aspect: &str, answers: &[&Answer]) -> Summary {
    let numbers: Vec<i64> = answers.iter().filter_map(|one| one.number).collect();
    let spread = choices(question)
        .into_iter()
        .map(|value| {
            let same = |one: &&&Answer| match one.number {
                Some(number) => number.to_string() == value,
                None => one.text == value,
            };
            let count = answers.iter().filter(same).count();
            (value, whole(count))
        })
        .collect();
    let figure = if answers.is_empty() { None } else { figure(&question.kind, &numbers) };
    let said = match question.kind.as_str() {
        "text" => answers.iter().map(|one| one.text.clone()).collect(),
        _ => Vec::new(),
    };
    Summary {
        question: question.id.clone(),
        kind: question.kind.clone(),
        text: question.text.clone(),
        aspect: aspect.to_owned(),
        answers: whole(answers.len()),
        figure,
        spread,
        said,
    }
}

fn figure(kind: &str, numbers: &[i64]) -> Option<Figure> {
    let all = whole(numbers.len());
    let count = |of: &dyn Fn(i64) -> bool| whole(numbers.iter().filter(|number| of(**number)).count());
    match kind {
        "choice" => return Some(Figure::Choices),
        "text" => return Some(Figure::Words),
        _ if all == 0 => return None,
        _ => {}
    }
    let mean = divided(numbers.iter().sum::<i64>() * 100, all);
    Some(match kind {
        "nps" => {
            let (promoters, detractors) = (count(&|n| n >= 9), count(&|n| n <= 6));
            Figure::Nps {
                score: divided((promoters - detractors) * 100, all),
                promoters,
                passives: all - promoters - detractors,
                detractors,
            }
        }
        "csat" => Figure::Csat { percent: divided(count(&|n| n >= 4) * 100, all), mean },
        _ => Figure::Mean { mean },
    })
}

/// What rules of gates read of a survey; means are whole numbers and never say better than people did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mood {
    /// Promoters less detractors, −100 to 100.
    pub nps: Option<i64>,
    /// The mean of five of everything that asks how satisfied people are, rounded down; answers of ten count half.
    pub satisfaction: Option<i64>,
    /// The mean effort, 1 to 5, rounded up; less is better.
    pub effort: Option<i64>,
}

/// What rules of gates read of the answers to a survey.
#[must_use]
pub fn mood(questions: &[Question], answers: &[Answer]) -> Mood {
    // How many people said a number to questions of these kinds, and the sum of what they said, times a weight.
    let said = |kinds: &[(&str, i64)]| -> (i64, i64) {
        let numbers = answers.iter().filter(|answer| answer.aspect.is_empty()).filter_map(|answer| {
            let question = questions.iter().find(|one| one.id == answer.question)?;
            let (_, weight) = kinds.iter().find(|(kind, _)| *kind == question.kind)?;
            Some(answer.number? * weight)
        });
        numbers.fold((0, 0), |(count, sum), number| (count + 1, sum + number))
    };
    let nps = summarise(questions, answers).into_iter().find_map(|one| match one.figure {
        Some(Figure::Nps { score, .. }) => Some(score),
        _ => None,
    });
    let (people, halves) = said(&[("csat", 2), ("rating5", 2), ("scale10", 1)]);
    let (others, effort) = said(&[("ces", 1)]);
    Mood {
        nps,
        satisfaction: (people > 0).then(|| halves / (2 * people)),
        effort: (others > 0).then(|| (effort + others - 1) / others),
    }
}

/// The share of people who answered, in percent; none when nobody was asked.
#[must_use]
pub fn response(asked: i64, answered: i64) -> Option<i64> {
    (asked > 0).then(|| divided(answered * 100, asked))
}

/// Divided, rounded to the nearest, halves away from zero.
fn divided(number: i64, by: i64) -> i64 {
    let half = by / 2;
    if number >= 0 { (number + half) / by } else { (number - half) / by }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn question(kind: &str, options: &[&str]) -> Question {
        Question {
            id: "q".to_owned(),
            kind: kind.to_owned(),
            text: "How?".to_owned(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
        }
    }

    fn answers(question: &Question, given: &[&str]) -> Vec<Answer> {
        given.iter().map(|one| read(question, "", one).unwrap().unwrap()).collect()
    }

    #[test]
    fn an_answer_is_what_its_question_takes() {
        let nps = question("nps", &[]);
        assert_eq!(read(&nps, "", " 0 ").unwrap().unwrap().number, Some(0));
        assert_eq!(read(&nps, "", ""), Ok(None));
        for wrong in ["11", "-1", "many"] {
            let told = read(&nps, "", wrong).unwrap_err().to_string();
            assert_eq!(told, "takes a number from 0 to 10", "{wrong}");
        }
        assert!(read(&question("ces", &[]), "", "0").is_err());
        let choice = question("choice", &["Yes", "No"]);
        assert_eq!(read(&choice, "", "Yes").unwrap().unwrap().text, "Yes");
        assert!(read(&choice, "", "Perhaps").is_err());
        let rated = question("rating5", &["Pace"]);
        assert_eq!(read(&rated, "Pace", "5").unwrap().unwrap().aspect, "Pace");
        assert!(read(&rated, "", "5").is_err() && read(&rated, "Price", "5").is_err());
        assert!(read(&question("text", &[]), "", &"x".repeat(LONGEST + 1)).is_err());
    }

    #[test]
    fn figures_by_hand() {
        let nps = question("nps", &[]);
        let ten = ["10", "9", "9", "10", "8", "7", "6", "0", "9", "10"];
        let all = summarise(std::slice::from_ref(&nps), &answers(&nps, &ten));
        let wanted = Figure::Nps { score: 40, promoters: 6, passives: 2, detractors: 2 };
        assert_eq!((all[0].figure.clone(), all[0].words().as_str()), (Some(wanted), "NPS 40"));
        assert_eq!(all[0].spread[9], ("9".to_owned(), 3));

        let csat = question("csat", &[]);
        let all = summarise(std::slice::from_ref(&csat), &answers(&csat, &["5", "4", "3"]));
        assert_eq!(all[0].figure, Some(Figure::Csat { percent: 67, mean: 400 }));

        let ces = question("ces", &[]);
        let all = summarise(std::slice::from_ref(&ces), &answers(&ces, &["1", "2", "2"]));
        assert_eq!(all[0].words(), "1.67 of 5");

        let choice = question("choice", &["Yes", "Unsure", "No"]);
        let all = summarise(std::slice::from_ref(&choice), &answers(&choice, &["No", "Yes", "No"]));
        assert_eq!(all[0].words(), "No: 2 of 3");
        assert_eq!(summarise(&[choice], &[])[0].words(), "no answer");
    }

    #[test]
    fn rules_read_the_mood_of_a_survey() {
        let asked = |id: &str, kind: &str| Question { id: id.to_owned(), ..question(kind, &[]) };
        let questions = [asked("all", "scale10"), asked("start", "csat"), asked("effort", "ces")];
        let said = |id: &str, number: i64| Answer {
            question: id.to_owned(),
            aspect: String::new(),
            number: Some(number),
            text: String::new(),
        };
        let mood = mood(
            &questions,
            &[said("all", 10), said("start", 4), said("effort", 2), said("effort", 3), said("gone", 1)],
        );
        assert_eq!(mood, Mood { nps: None, satisfaction: Some(4), effort: Some(3) }, "4.5 and 2.5");
    }

    #[test]
    fn shares_are_rounded_and_nobody_asked_is_no_share() {
        assert_eq!(response(3, 2), Some(67));
        assert_eq!(response(0, 0), None);
        assert_eq!(divided(-150, 4), -38);
    }

    #[test]
    fn a_survey_waits_for_what_it_asks_about() {
        let friday = date(2027, 1, 8);
        assert_eq!(moment(friday, None, 3), (friday, true));
        let open = Point { planned_on: date(2027, 2, 1), reached_on: None };
        assert_eq!(moment(friday, Some(open), 1), (date(2027, 2, 2), false));
        let there = Point { reached_on: Some(friday), ..open };
        assert_eq!(moment(friday, Some(there), 1), (date(2027, 1, 11), true), "Saturday becomes Monday");
    }
}
