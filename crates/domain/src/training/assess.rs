//! Marking: what an answer is worth, and whether that is enough.

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::methodology::AssessmentQuestion;

/// A question with what was answered, kept as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub question: String,
    /// What was chosen, or the text that was written.
    pub given: Vec<String>,
    /// What would have been right, or what the text should say.
    pub expected: Vec<String>,
    /// Percent; none until a trainer has read it.
    pub mark: Option<u32>,
}

/// An answer with its mark. Of several right options each wrong one takes back a right one; text waits for a
/// trainer, an empty one does not.
#[must_use]
pub fn mark(question: &AssessmentQuestion, given: &[String]) -> Answered {
    let given: Vec<String> = match question.kind.as_str() {
        "text" => {
            given.iter().take(1).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
        }
        "choice" => {
            question.options.iter().filter(|option| given.contains(option)).take(1).cloned().collect()
        }
        _ => question.options.iter().filter(|option| given.contains(option)).cloned().collect(),
    };
    let mark = match question.kind.as_str() {
        "text" => given.is_empty().then_some(0),
        _ => {
            let right = given.iter().filter(|one| question.correct.contains(one)).count();
            let wrong = given.len() - right;
            let share = right.saturating_sub(wrong) * 100 / question.correct.len().max(1);
            Some(u32::try_from(share).unwrap_or(0).min(100))
        }
    };
    Answered { question: question.text.clone(), given, expected: question.correct.clone(), mark }
}

/// The mean of the marks in percent, rounded down; none while one is missing, or without questions.
#[must_use]
pub fn score(answers: &[Answered]) -> Option<u32> {
    let marks: Option<Vec<u32>> = answers.iter().map(|answer| answer.mark).collect();
    let marks = marks?;
    let count = u32::try_from(marks.len()).ok().filter(|count| *count > 0)?;
    Some(marks.iter().sum::<u32>() / count)
}

/// What a score means.
#[must_use]
pub fn verdict(score: Option<u32>, pass_percent: u32) -> Verdict {
    match score {
        None => Verdict::Waiting,
        Some(score) if score >= pass_percent => Verdict::Passed,
        Some(_) => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: &str, correct: &[&str]) -> AssessmentQuestion {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        AssessmentQuestion {
            id: "q".to_owned(),
            kind: kind.to_owned(),
            text: "Which?".to_owned(),
            options: words(&["a", "b", "c", "d"]),
            correct: words(correct),
        }
    }

    fn worth(question: &AssessmentQuestion, given: &[&str]) -> Option<u32> {
        mark(question, &given.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()).mark
    }

    #[test]
    fn one_of_several_is_right_or_wrong() {
        let one = question("choice", &["b"]);
        assert_eq!(
            (worth(&one, &["b"]), worth(&one, &["a"]), worth(&one, &[])),
            (Some(100), Some(0), Some(0))
        );
        assert_eq!(worth(&one, &["a", "b"]), Some(0), "two ticks are not one choice");
        assert_eq!(worth(&one, &["z"]), Some(0), "what is not offered counts for nothing");
    }

    #[test]
    fn a_wrong_tick_takes_back_a_right_one() {
        let several = question("multi", &["a", "b"]);
        assert_eq!(worth(&several, &["a", "b"]), Some(100));
        assert_eq!(worth(&several, &["a"]), Some(50));
        assert_eq!(worth(&several, &["a", "b", "c"]), Some(50));
        assert_eq!(worth(&several, &["a", "b", "c", "d"]), Some(0));
        assert_eq!(worth(&several, &["c", "d"]), Some(0));
    }

    #[test]
    fn text_waits_for_a_trainer_and_the_mean_for_every_mark() {
        let text = question("text", &["names the report"]);
        assert_eq!((worth(&text, &["It is"]), worth(&text, &["  "])), (None, Some(0)));
        let mut answers =
            vec![mark(&question("choice", &["b"]), &["b".to_owned()]), mark(&text, &["It is".to_owned()])];
        assert_eq!(verdict(score(&answers), 80), Verdict::Waiting);
        answers[1].mark = Some(60);
        assert_eq!((score(&answers), verdict(score(&answers), 80)), (Some(80), Verdict::Passed));
        answers[1].mark = Some(59);
        assert_eq!((score(&answers), verdict(score(&answers), 80)), (Some(79), Verdict::Failed));
        assert_eq!(score(&[]), None);
    }
}
