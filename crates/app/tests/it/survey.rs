//! Surveys at their moments, answers through links and in the portal, what customers say together.

use std::sync::Arc;

use gangway_app::mail::{self, Post};
use gangway_app::portal::{self, Setting};
use gangway_app::survey::{self, Given, Kept, Rounds};
use gangway_app::training::{self, LearnerDraft};
use gangway_app::{AppError, job, onboarding, people};
use gangway_domain::ids::{ContactId, OnboardingId, SurveyId};
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, Resource};
use gangway_domain::refusal::Barrier;
use gangway_domain::survey::{Answer, Figure, State};
use gangway_jobs::Runner;
use gangway_store::contact;
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::date;

use super::generate;
use super::receiver::mail_server;

const FROM: &str = "Gangway <gangway@northbeam.test>";

/// An onboarding with three people of the customer who can be written to.
async fn asked(test: &TestApp) -> (OnboardingId, Vec<ContactId>) {
    let text = format!(
        "{}Sponsor: Dana Whitfield (VP Operations)\nChampion: Renee Walsh\nProject lead: Omar Haddad\n",
        deal("Acme")
    );
    let id = generate(test, &text).await;
    let all = people::standing(&test.app, &test.actor, id).await.unwrap().people;
    let mut tx = test.app.db.write().await.unwrap();
    let mut known = Vec::new();
    for one in &all {
        let who = one.facts.contact;
        let mut row = contact::get(&mut tx, test.actor.workspace, who).await.unwrap().unwrap();
        let first = row.name.split(' ').next().unwrap_or_default().to_lowercase();
        row.email = Some(format!("{first}@acme.test"));
        assert!(contact::change(&mut tx, test.actor.workspace, &row).await.unwrap());
        known.push(who);
    }
    tx.commit().await.unwrap();
    (id, known)
}

fn rounds(test: &TestApp) -> Runner {
    job::runner(&test.app, vec![Arc::new(Rounds::new(test.app.clone()))])
}

async fn of_kind(test: &TestApp, id: OnboardingId, kind: &str) -> survey::Line {
    let all = survey::of_onboarding(&test.app, &test.actor, id).await.unwrap();
    all.lines.into_iter().find(|line| line.survey.survey == kind).unwrap()
}

/// The survey of the kickoff, which the first of the customer's people was asked.
async fn sent_to_one(test: &TestApp) -> (SurveyId, Vec<ContactId>) {
    let (id, people) = asked(test).await;
    let known = of_kind(test, id, "kickoff").await.survey;
    survey::send(&test.app, &test.actor, known.id, known.version, Some(vec![people[0]])).await.unwrap();
    (known.id, people)
}

/// The tokens of the links in mails that arrived, in order.
fn tokens(mails: &[String]) -> Vec<String> {
    let whole = |mail: &String| mail.replace("=\r\n", "").replace("=3D", "=");
    let token = |mail: &String| {
        let mail = whole(mail);
        let (_, rest) = mail.split_once("/survey/")?;
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>())
    };
    mails.iter().filter_map(token).collect()
}

fn given(field: &str, text: &str) -> Given {
    Given { field: field.to_owned(), text: text.to_owned() }
}

#[tokio::test]
async fn the_surveys_of_a_programme_are_planned_with_it_and_wait_for_their_moment() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, _) = asked(&test).await;
        let all = survey::of_onboarding(&test.app, &test.actor, id).await.unwrap();
        let package = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        assert_eq!(all.lines.len(), package.surveys.len());
        assert!(all.lines.iter().all(|line| line.survey.state == State::Planned));
        let kickoff = of_kind(&test, id, "kickoff").await;
        assert!(!kickoff.survey.after.is_empty() && !kickoff.ready, "the kickoff is still to come");
        // Nothing goes out, however long nothing happens.
        survey::schedule(&test.app).await.unwrap();
        test.clock.advance_days(60);
        rounds(&test).drain().await.unwrap();
        assert_eq!(of_kind(&test, id, "kickoff").await.survey.state, State::Planned);
    })
    .await;
}

#[tokio::test]
async fn a_survey_is_sent_answered_with_one_click_reminded_and_closed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (id, people) = asked(&test).await;
        onboarding::kick_off(app, actor, id).await.unwrap();
        for line in survey::of_onboarding(app, actor, id).await.unwrap().lines {
            survey::skip(app, actor, line.survey.id, 1, "Only the one made here counts").await.unwrap();
        }
        survey::schedule(app).await.unwrap();
        let made = survey::add(app, actor, id, "kickoff", date(2027, 1, 5)).await.unwrap();
        let past = survey::add(app, actor, id, "kickoff", date(2027, 1, 3)).await;
        assert!(matches!(past, Err(AppError::Invalid(_))));
        test.clock.advance_days(1);
        rounds(&test).drain().await.unwrap();
        let sent = survey::get(app, actor, made.id).await.unwrap();
        assert_eq!(sent.line.survey.state, State::Sent);
        assert_eq!(sent.people.len(), people.len());
        assert!(sent.people.iter().all(|one| one.mailed));

        // One after the other, since all of them are at one domain.
        let (address, arrived) = mail_server("250 fine").await;
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap().with_app(app);
        job::runner(app, vec![Arc::new(post.clone())]).drain().await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 1, "the domain takes the next one in half a second");
        test.clock.advance_days(1);
        job::runner(app, vec![Arc::new(post.clone())]).drain().await.unwrap();
        let mails = arrived.lock().unwrap().clone();
        assert_eq!(mails.len(), people.len());
        // Long headers are folded.
        let unfolded = mails[0].replace("\r\n ", " ");
        let one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click";
        for part in ["List-Unsubscribe: ", "<http://gangway.test/unsubscribe/", one_click] {
            assert!(unfolded.contains(part), "no {part} in\n{}", mails[0]);
        }
        let tokens = tokens(&mails);
        assert_eq!(tokens.len(), people.len());

        // Looking changes nothing; what is sent is kept, and can be changed.
        let sheet = survey::by_link(app, &tokens[0]).await.unwrap();
        assert_eq!((sheet.open, sheet.done, sheet.slots[0].choices.len()), (true, false, 5));
        assert_eq!(survey::get(app, actor, made.id).await.unwrap().line.survey.answered, 0);
        let first = sheet.slots[0].field.clone();
        let wrong = survey::keep_by_link(app, &tokens[0], &[given(&first, "6")]).await.unwrap();
        assert!(matches!(wrong, Kept::Wrong(_)));
        assert!(matches!(survey::keep_by_link(app, &tokens[0], &[]).await.unwrap(), Kept::Wrong(_)));
        for text in ["3", "5"] {
            let kept = survey::keep_by_link(app, &tokens[0], &[given(&first, text)]).await.unwrap();
            assert_eq!(kept, Kept::Kept);
        }
        let seen = survey::get(app, actor, made.id).await.unwrap();
        assert_eq!(seen.line.survey.answered, 1);
        assert_eq!(seen.summaries[0].figure, Some(Figure::Csat { percent: 100, mean: 500 }));
        assert!(survey::by_link(app, "tampered").await.is_err());

        // Whoever has not answered is reminded once.
        test.clock.advance_days(5);
        rounds(&test).drain().await.unwrap();
        test.clock.advance_days(1);
        rounds(&test).drain().await.unwrap();
        job::runner(app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 2 * people.len() - 1);
        test.clock.advance_days(14);
        rounds(&test).drain().await.unwrap();
        let closed = survey::get(app, actor, made.id).await.unwrap().line.survey;
        assert_eq!(closed.state, State::Closed);
        let late = survey::keep_by_link(app, &tokens[0], &[given(&first, "1")]).await;
        assert!(matches!(late, Err(AppError::Barred(Barrier::SurveyOver))));

        let all = survey::results(app, actor, None).await.unwrap();
        let asked = i64::try_from(people.len()).unwrap();
        assert_eq!((all[0].survey.as_str(), all[0].asked, all[0].answered), ("kickoff", asked, 1));
        let stranger = test.elsewhere("Southlight").await;
        assert!(survey::results(app, &stranger.actor, None).await.unwrap().is_empty());
        assert!(survey::get(app, &stranger.actor, made.id).await.is_err());
    })
    .await;
}

/// Quoted-printable text as it reads.
fn read(mail: &str) -> String {
    let mail = mail.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(mail.len());
    let mut rest = mail.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn customers_are_asked_in_the_language_of_the_workspaces_portals() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let known = portal::settings(app, actor).await.unwrap();
        let german = Setting { language: Language::De, ..known };
        portal::change_settings(app, actor, german, None).await.unwrap();
        let (survey, people) = sent_to_one(&test).await;
        let (address, arrived) = mail_server("250 fine").await;
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap().with_app(app);
        job::runner(app, vec![Arc::new(post)]).drain().await.unwrap();
        let mails = arrived.lock().unwrap().clone();
        let mail = read(&mails[0]);
        for part in [
            "<html lang=\"de\">",
            "Guten Tag ",
            "Wie zufrieden sind Sie mit unserem Start?",
            "Von „Nicht zufrieden“ bis „Sehr zufrieden“.",
            "bis zum 18. Januar 2027 offen",
            "Keine Mails dieser Art mehr bekommen",
        ] {
            assert!(mail.contains(part), "no {part} in\n{mail}");
        }
        assert!(!mail.contains("Hello") && !mail.contains("Get no more"), "{mail}");
        let sheet = survey::by_link(app, &tokens(&mails)[0]).await.unwrap();
        assert_eq!((sheet.language, sheet.title.as_str()), (Language::De, "Nach dem Kickoff"));
        let choice = sheet.slots.iter().find(|slot| slot.kind == "choice").unwrap();
        assert_eq!((choice.choices[0].as_str(), choice.labels[0].as_str()), ("Yes", "Ja"));
        assert_eq!(survey::get(app, actor, survey).await.unwrap().people[0].contact, people[0]);
    })
    .await;
}

#[tokio::test]
async fn after_a_training_those_who_took_part_are_asked() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (id, people) = asked(&test).await;
        let tracks = training::of_onboarding(app, actor, id).await.unwrap().tracks;
        let users = tracks.iter().find(|track| track.code == "end-user").unwrap();
        let lines = survey::of_onboarding(app, actor, id).await.unwrap().lines;
        let pulse = |after: Option<&str>| {
            let of = |line: &&survey::Line| Some(line.survey.after.as_str()) == after;
            let mut pulses = lines.iter().filter(|line| line.survey.survey == "training-pulse");
            pulses.find(of).unwrap().survey.id
        };
        let (users_pulse, admins_pulse) = (pulse(users.task.as_deref()), pulse(Some("admin-training")));
        let would_be = async |pulse: SurveyId| {
            let seen = survey::get(app, actor, pulse).await.unwrap();
            seen.people.into_iter().map(|one| one.contact).collect::<Vec<_>>()
        };
        let before = would_be(users_pulse).await;
        assert!(before.len() > 1, "nobody is named: its roles are asked");
        // One is known as a contact, another by the address alone, the third is no contact.
        let address = {
            let mut tx = app.db.read().await.unwrap();
            contact::get(&mut tx, actor.workspace, people[1]).await.unwrap().unwrap().email.unwrap()
        };
        for draft in [
            LearnerDraft { contact: Some(people[0]), ..LearnerDraft::default() },
            LearnerDraft { name: "Somebody".to_owned(), email: address, ..LearnerDraft::default() },
            LearnerDraft {
                name: "Kim Albers".to_owned(),
                email: "kim@acme.test".to_owned(),
                ..LearnerDraft::default()
            },
        ] {
            training::add(app, actor, id, LearnerDraft { tracks: vec![users.id], ..draft }).await.unwrap();
        }
        let mut asked = would_be(users_pulse).await;
        asked.sort();
        let mut took_part = vec![people[0], people[1]];
        took_part.sort();
        assert_eq!(asked, took_part);
        assert_eq!(would_be(admins_pulse).await, before, "another training says nothing of it");
    })
    .await;
}

#[tokio::test]
async fn whoever_wants_no_mail_is_asked_in_the_portal_only() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (id, people) = asked(&test).await;
        mail::suppress(app, actor, "Dana@Acme.test").await.unwrap();
        assert!(matches!(mail::suppress(app, actor, "nobody").await, Err(AppError::Invalid(_))));
        let line = of_kind(&test, id, "kickoff").await;
        let viewer = test.member(Role::Viewer).await;
        assert!(survey::send(app, &viewer, line.survey.id, 1, None).await.is_err());
        let sent = survey::send(app, actor, line.survey.id, line.survey.version, None).await.unwrap();
        let seen = survey::get(app, actor, sent.id).await.unwrap();
        let mailed = seen.people.iter().filter(|one| one.mailed).count();
        assert_eq!((seen.people.len(), mailed), (people.len(), people.len() - 1));
        let twice = survey::send(app, actor, sent.id, sent.version, None).await;
        assert!(matches!(twice, Err(AppError::Refusal(_))));
        let stale = survey::close(app, actor, sent.id, 1).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "survey", .. })));
        mail::release(app, actor, "dana@acme.test").await.unwrap();
        assert!(mail::release(app, actor, "dana@acme.test").await.is_err());
        let nobody = SurveyId::from_uuid(uuid::Uuid::from_u128(9));
        assert!(survey::get(app, actor, nobody).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_survey_is_left_out_with_a_reason_and_planned_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (id, _) = asked(&test).await;
        let line = of_kind(&test, id, "completion").await;
        let survey = line.survey;
        assert!(matches!(survey::skip(app, actor, survey.id, 1, " ").await, Err(AppError::Invalid(_))));
        let skipped = survey::skip(app, actor, survey.id, 1, "They are asked by phone").await.unwrap();
        assert_eq!((skipped.state, skipped.version), (State::Skipped, 2));
        let planned = survey::plan_again(app, actor, survey.id, 2).await.unwrap();
        assert_eq!((planned.state, planned.because.as_str()), (State::Planned, ""));
    })
    .await;
}

#[tokio::test]
async fn the_mail_offers_every_value_of_the_first_answer() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (survey, people) = sent_to_one(&test).await;
        let (address, arrived) = mail_server("250 fine").await;
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap().with_app(app);
        job::runner(app, vec![Arc::new(post)]).drain().await.unwrap();
        let mail = arrived.lock().unwrap()[0].replace("=\r\n", "").replace("=3D", "=");
        for number in 1..=5 {
            assert!(mail.contains(&format!("?first={number}")), "{mail}");
        }
        assert!(!mail.contains('\u{27e6}'), "a place was not filled: {mail}");
        let token = tokens(&[mail]).remove(0);
        let sheet = serde_json::to_value(survey::by_link(app, &token).await.unwrap()).unwrap();
        let allowed = Resource::Survey.fields();
        for part in [&sheet, &sheet["slots"][0]] {
            for name in part.as_object().unwrap().keys() {
                assert!(allowed.contains(&name.as_str()), "{name} may not be shown");
            }
        }
        survey::keep_by_link(app, &token, &[given("experience", "4")]).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let answers = gangway_store::survey::answers(&mut tx, actor.workspace, survey).await.unwrap();
        assert_eq!((answers.len(), answers[0].0, answers[0].1.number), (1, people[0], Some(4)));
        let place = actor.workspace;
        let theirs = gangway_store::survey::answers_of(&mut tx, place, survey, people[0]).await.unwrap();
        assert_eq!(theirs, [answers[0].1.clone()]);
        let others = gangway_store::survey::answers_of(&mut tx, place, survey, people[1]).await.unwrap();
        assert!(others.is_empty(), "what somebody else answered is not theirs");
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_goes_to_whom_a_contact_is_merged_into() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (survey, people) = sent_to_one(&test).await;
        let mut tx = app.db.write().await.unwrap();
        let (place, said) = (actor.workspace, "How clear".to_owned());
        let answer =
            Answer { question: "missing".to_owned(), aspect: String::new(), number: None, text: said };
        gangway_store::survey::answer(&mut tx, place, survey, people[0], &[answer], &[], (app.now(), true))
            .await
            .unwrap();
        let gone = contact::get(&mut tx, place, people[0]).await.unwrap().unwrap();
        assert!(contact::take_over(&mut tx, place, &gone, people[1], app.now()).await.unwrap());
        let answers = gangway_store::survey::answers(&mut tx, place, survey).await.unwrap();
        assert_eq!(answers.iter().map(|(who, _)| *who).collect::<Vec<_>>(), [people[1]]);
        let asked = gangway_store::survey::people(&mut tx, place, survey).await.unwrap();
        assert_eq!(asked.len(), 1);
    })
    .await;
}
