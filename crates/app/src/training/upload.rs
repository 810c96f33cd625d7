//! A list of users as CSV: name, mail address, team, track; read whole or not at all.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{LearnerId, OnboardingId, TrackId};
use gangway_domain::permission::Action;
use gangway_domain::training::Record;
use gangway_store::contact;
use gangway_store::training::{self as tracks, learner as rows};

use super::learner::is_same;
use super::{Enrolment, Learner, MOST_LEARNERS, Track, track_of};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_email, checked_name, none_of};
use crate::register::{checked_line, onboarding, record};
use crate::{Actor, App};

/// Largest list, bytes.
const LARGEST: usize = 2 * 1024 * 1024;
/// Lines whose problems are told; a file of another kind would tell thousands.
const TOLD: usize = 10;

/// What a list brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Learners who are new.
    pub added: u32,
    /// Those who were known.
    pub known: u32,
    /// Places on tracks that are new.
    pub enrolled: u32,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Counted from 1, the head too.
    number: usize,
    name: String,
    email: String,
    team: String,
    track: String,
}

/// Adds everybody on a list, and puts them on these tracks and on the one their line names. Whoever is known by
/// their address stays one learner, so that the same list can be sent again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when a line cannot be used: then nobody is
/// added; or when the database fails.
#[boxed]
pub async fn upload(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    text: &str,
    wanted: &[TrackId],
) -> Result<Uploaded, AppError> {
    actor.require(Action::RunOnboarding)?;
    if text.len() > LARGEST {
        return Err(invalid("is larger than 2 MB"));
    }
    let lines = read(text).map_err(invalid)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    for track in wanted {
        track_of(&mut tx, actor, &head, *track).await?;
    }
    let tracks = tracks::of_onboarding(&mut tx, actor.workspace, id).await?;
    let people = contact::of_account(&mut tx, actor.workspace, head.account_id).await?;
    let contacts: BTreeMap<String, &contact::Contact> =
        people.iter().filter_map(|one| Some((one.email.as_ref()?.trim().to_lowercase(), one))).collect();
    let mut all = rows::page(&mut tx, actor.workspace, id, None, MOST_LEARNERS).await?;
    let mut known: BTreeMap<String, LearnerId> =
        all.iter().filter_map(|one| Some((one.email.clone()?, one.id))).collect();
    let before = all.len();
    let mut on: BTreeSet<(LearnerId, TrackId)> = rows::enrolments(&mut tx, actor.workspace, id)
        .await?
        .into_iter()
        .map(|one| (one.learner, one.track))
        .collect();
    let (mut uploaded, mut new, mut enrolments, mut problems) =
        (Uploaded::default(), Vec::new(), Vec::new(), Vec::new());
    for line in &lines {
        let mut wrong = Vec::new();
        let email = checked_email("email", &line.email, &mut wrong).to_lowercase();
        let team = checked_line("team", &line.team, 120, &mut wrong);
        let own = find(&tracks, &line.track);
        if own.is_none() && !line.track.is_empty() {
            wrong.push(Problem::new("track", format!("“{}” is none of this onboarding", line.track)));
        }
        let person = contacts.get(&email).copied();
        let name = match person {
            Some(person) if line.name.is_empty() => person.name.clone(),
            _ => checked_name("name", &line.name, &mut wrong),
        };
        if let Some(first) = wrong.first() {
            problems.push(Problem::new("file", format!("cannot be used: line {}: {first}", line.number)));
            continue;
        }
        let learner = match known.get(&email) {
            Some(learner) => {
                uploaded.known += 1;
                *learner
            }
            None => {
                let learner = Learner {
                    id: LearnerId::fresh(&*app.ids),
                    onboarding: id,
                    contact: person.map(|person| person.id),
                    name,
                    email: Some(email.clone()),
                    team,
                    made_at: app.now(),
                    version: 1,
                };
                // A contact may learn here under another address.
                if let Some(same) = all.iter().find(|one| is_same(one, &learner)) {
                    uploaded.known += 1;
                    same.id
                } else {
                    uploaded.added += 1;
                    known.insert(email, learner.id);
                    all.push(learner.clone());
                    new.push(learner.clone());
                    learner.id
                }
            }
        };
        for track in wanted.iter().copied().chain(own.map(|track| track.id)) {
            if on.insert((learner, track)) {
                uploaded.enrolled += 1;
                enrolments.push(Enrolment {
                    learner,
                    track,
                    onboarding: id,
                    record: Record::default(),
                    started_on: None,
                    proficient_on: None,
                    version: 1,
                });
            }
        }
    }
    if before + new.len() > MOST_LEARNERS as usize {
        problems.push(Problem::new("file", "has too many people: 5000 learners at most"));
    }
    problems.truncate(TOLD);
    none_of(problems)?;
    rows::insert_all(&mut tx, actor.workspace, &new).await?;
    rows::enrol(&mut tx, actor.workspace, &enrolments).await?;
    let Uploaded { added, known, enrolled } = uploaded;
    let summary =
        format!("Read a list of users: {added} new learners, {known} known, {enrolled} places on tracks");
    record(app, &mut tx, actor, &head, "training.learners_changed", summary).await?;
    tx.commit().await?;
    Ok(uploaded)
}

fn invalid(message: impl Into<String>) -> AppError {
    AppError::Invalid(vec![Problem::new("file", message)])
}

/// The track a word means: its code, its name, or for whom it is.
fn find<'a>(tracks: &'a [Track], word: &str) -> Option<&'a Track> {
    let wanted = word.to_lowercase();
    let is = |text: &str| !wanted.is_empty() && text.to_lowercase() == wanted;
    tracks.iter().find(|track| is(&track.code) || is(&track.name) || is(&track.audience))
}

/// Reads a list with a head line that names its columns.
fn read(text: &str) -> Result<Vec<Line>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = split(text)?.into_iter();
    let (_, head) = rows.next().ok_or("is empty")?;
    let column =
        |names: &[&str]| head.iter().position(|title| names.contains(&title.trim().to_lowercase().as_str()));
    let email = column(&["email", "e-mail", "mail", "mail address", "email address"]);
    let email = email.ok_or("has no column “email” in its first line")?;
    let (name, team) = (column(&["name", "full name"]), column(&["team", "site", "department"]));
    let track = column(&["track", "training", "audience", "role"]);
    let mut lines = Vec::new();
    for (number, row) in rows {
        let cell = |place: Option<usize>| {
            place.and_then(|place| row.get(place)).map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let line =
            Line { number, name: cell(name), email: cell(Some(email)), team: cell(team), track: cell(track) };
        if [&line.name, &line.email, &line.team, &line.track].iter().any(|text| !text.is_empty()) {
            lines.push(line);
        }
    }
    if lines.is_empty() { Err("names nobody below its first line".to_owned()) } else { Ok(lines) }
}

/// Rows with the line they begin in, split at commas, semicolons or tabs, whichever the first line has most of;
/// quotes as in RFC 4180.
pub(crate) fn split(text: &str) -> Result<Vec<(usize, Vec<String>)>, String> {
    let first = text.lines().next().unwrap_or_default();
    let often = |mark: char| first.chars().filter(|letter| *letter == mark).count();
    let mark = [',', ';', '\t'].into_iter().max_by_key(|mark| (often(*mark), *mark == ',')).unwrap_or(',');
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut number, mut began) = (false, 1, 1);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push((began, std::mem::take(&mut row)));
                number += 1;
                began = number;
            }
            '\r' if !quoted => {}
            letter if letter == mark && !quoted => row.push(std::mem::take(&mut cell)),
            letter => {
                number += usize::from(letter == '\n');
                cell.push(letter);
            }
        }
    }
    if quoted {
        return Err(format!("cannot be read: a quote that begins in line {began} never ends"));
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((began, row));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(usize, String, String, String)> {
        let lines = read(text).unwrap();
        lines.into_iter().map(|line| (line.number, line.name, line.email, line.track)).collect()
    }

    #[test]
    fn lists_are_read_as_spreadsheets_write_them() {
        let text = "\u{feff}Name;E-Mail;Role\r\n\"Ruiz, Ana\";ana@acme.example;administrator\r\n\r\nBo;bo@acme.example;\r\n";
        let own = |text: &str| text.to_owned();
        assert_eq!(
            names(text),
            [
                (2, own("Ruiz, Ana"), own("ana@acme.example"), own("administrator")),
                (4, own("Bo"), own("bo@acme.example"), own(""))
            ]
        );
        assert_eq!(names("email,name\na@b.example,\"A \"\"Ace\"\" B\"")[0].1, "A \"Ace\" B");
        assert_eq!(names("email\tname\na@b.example\tAda")[0].1, "Ada");
    }

    #[test]
    fn what_is_no_list_is_told_so() {
        assert_eq!(read("").unwrap_err(), "is empty");
        assert!(read("name\nAda").unwrap_err().contains("no column"));
        assert!(read("email\n\n").unwrap_err().contains("names nobody"));
        assert!(read("email,name\n\"a@b.example,Ada").unwrap_err().contains("begins in line 2"));
    }
}
