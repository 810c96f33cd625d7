//! What both logs promise.

use std::time::Duration;

use gangway_events::log::{Log, LogError, Position, Settings};
use jiff::Timestamp;
use tokio::time::timeout;
use uuid::Uuid;

use super::support::{SOON, at, event, events, everything, for_each_log, ids};

#[tokio::test]
async fn what_was_appended_is_read_in_order() {
    for_each_log(Settings::default(), |log, _| async move {
        assert_eq!(log.read(Position::default(), 10).await.unwrap().position, Position::default());
        assert_eq!(log.append(&[]).await, Ok(Position::default()));
        let first = log.append(&events(&["a", "b"])).await.unwrap();
        let second = log.append(&events(&["c"])).await.unwrap();
        let third = log.append(&events(&["d", "e"])).await.unwrap();
        assert!(Position::default() < first && first < second && second < third);
        let all = log.read(Position::default(), 100).await.unwrap();
        assert_eq!((ids(&all.events), all.position), (vec!["a", "b", "c", "d", "e"], third));
        assert_eq!(all.events[..2], events(&["a", "b"])[..]);
        // Whole groups, until there are enough.
        let some = log.read(Position::default(), 3).await.unwrap();
        assert_eq!((ids(&some.events), some.position), (vec!["a", "b", "c"], second));
        let one = log.read(Position::default(), 1).await.unwrap();
        assert_eq!((ids(&one.events), one.position), (vec!["a", "b"], first));
        let rest = log.read(second, 1).await.unwrap();
        assert_eq!((ids(&rest.events), rest.position), (vec!["d", "e"], third));
        let none = log.read(third, 10).await.unwrap();
        assert!(none.events.is_empty() && none.position == third);
        assert_eq!(ids(&log.newest(4).await.unwrap()), ["e", "d", "c", "b"]);
        assert!(log.newest(0).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_append_is_news() {
    for_each_log(Settings::default(), |log, address| async move {
        let other = log.clone();
        let mut news = other.news();
        log.append(&events(&["a"])).await.unwrap();
        timeout(SOON, news.changed()).await.expect("the append was told").unwrap();
        if address.starts_with("nats:") {
            // Another process hears of it as well.
            let elsewhere = Log::open(&address, Uuid::from_u128(2), Settings::default()).await.unwrap();
            let mut news = elsewhere.news();
            // The server knows of the listener once it has answered it.
            elsewhere.standing().await.unwrap();
            log.append(&events(&["b"])).await.unwrap();
            timeout(SOON, news.changed()).await.expect("the append was told elsewhere").unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_opened_again_is_the_same() {
    for_each_log(Settings::default(), |log, address| async move {
        let last = log.append(&events(&["a", "b"])).await.unwrap();
        let id = log.id();
        log.close().await;
        let refused = log.append(&events(&["c"])).await;
        assert!(matches!(refused, Err(LogError::Unavailable(_))), "{refused:?}");
        let again = Log::open(&address, Uuid::from_u128(2), Settings::default()).await.unwrap();
        assert_eq!((again.id(), id), (Uuid::from_u128(1), Uuid::from_u128(1)));
        assert_eq!(ids(&everything(&again).await), ["a", "b"]);
        assert!(again.append(&events(&["c"])).await.unwrap() > last);
        assert_eq!(ids(&everything(&again).await), ["a", "b", "c"]);
        let elsewhere = match address.strip_suffix(".db") {
            Some(file) => format!("{file}-other.db"),
            None => format!("{address}-other"),
        };
        let other = Log::open(&elsewhere, Uuid::from_u128(3), Settings::default()).await.unwrap();
        assert_eq!(other.id(), Uuid::from_u128(3));
        assert!(everything(&other).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_append_at_once() {
    for_each_log(Settings::default(), |log, _| async move {
        let tasks: Vec<_> = (0..8)
            .map(|task| {
                let log = log.clone();
                tokio::spawn(async move {
                    for number in 0..25 {
                        let ids = [format!("{task}-{number}-a"), format!("{task}-{number}-b")];
                        log.append(&events(&[ids[0].as_str(), ids[1].as_str()])).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let all = everything(&log).await;
        let mut found = ids(&all);
        // What one task appends stands in its order.
        let third: Vec<&str> = found.iter().copied().filter(|id| id.starts_with("3-")).collect();
        let wanted: Vec<String> =
            (0..25).flat_map(|number| [format!("3-{number}-a"), format!("3-{number}-b")]).collect();
        assert_eq!(third, wanted);
        found.sort_unstable();
        found.dedup();
        assert_eq!((all.len(), found.len()), (400, 400));
    })
    .await;
}

#[tokio::test]
async fn what_was_read_long_ago_is_forgotten() {
    for_each_log(Settings::default(), |log, _| async move {
        let nothing = log.forget(Timestamp::MAX, Position(1_000)).await.unwrap();
        assert_eq!((nothing, log.standing().await.unwrap().oldest), (0, None));
        let mut positions = Vec::new();
        for (day, id) in [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e")] {
            let event = event(id, &format!("2027-01-0{day}T00:00:00Z"), 10);
            positions.push(log.append(&[event]).await.unwrap());
        }
        let standing = log.standing().await.unwrap();
        assert_eq!((standing.first, standing.last), (positions[0], positions[4]));
        assert_eq!(standing.oldest, Some(at("2027-01-01T00:00:00Z")));
        assert!(standing.bytes > 0);
        // Nothing is old enough; nothing was read yet.
        assert_eq!(log.forget(at("2027-01-01T00:00:00Z"), positions[4]).await, Ok(0));
        assert_eq!(log.forget(at("2027-02-01T00:00:00Z"), Position::default()).await, Ok(0));
        // The age decides, then how far it was read.
        assert_eq!(log.forget(at("2027-01-03T00:00:00Z"), positions[4]).await, Ok(2));
        assert_eq!(ids(&everything(&log).await), ["c", "d", "e"]);
        assert_eq!(log.forget(at("2027-02-01T00:00:00Z"), positions[2]).await, Ok(1));
        assert_eq!(ids(&everything(&log).await), ["d", "e"]);
        assert_eq!(log.standing().await.unwrap().first, positions[3]);
        // The newest stays, and positions go on.
        assert_eq!(log.forget(at("2027-02-01T00:00:00Z"), Position(i64::MAX)).await, Ok(1));
        assert_eq!(ids(&everything(&log).await), ["e"]);
        assert!(log.append(&events(&["f"])).await.unwrap() > positions[4]);
        let after = log.read(positions[0], 10).await.unwrap();
        assert_eq!(ids(&after.events), ["e", "f"], "a reader that fell behind goes on with what is there");
    })
    .await;
}

#[tokio::test]
async fn the_place_of_a_time_is_found() {
    for_each_log(Settings::default(), |log, _| async move {
        assert_eq!(log.received_before(Timestamp::MAX).await, Ok(Position::default()), "nothing came in");
        let mut positions = Vec::new();
        for (day, id) in [(1, "a"), (2, "b"), (2, "c"), (4, "d")] {
            let event = event(id, &format!("2027-01-0{day}T00:00:00Z"), 10);
            positions.push(log.append(&[event]).await.unwrap());
        }
        for (time, place) in [
            ("2027-01-01T00:00:00Z", Position::default()),
            ("2027-01-01T00:00:01Z", positions[0]),
            ("2027-01-02T00:00:00Z", positions[0]),
            ("2027-01-03T00:00:00Z", positions[2]),
            ("2027-02-01T00:00:00Z", positions[3]),
        ] {
            assert_eq!(log.received_before(at(time)).await, Ok(place), "{time}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_full_queue_says_so_and_empties() {
    let settings = Settings { queue_bytes: 1, ..Settings::default() };
    for_each_log(settings, |log, _| async move {
        let (one, two) = (events(&["a"]), events(&["b"]));
        // The first is on its way when the second comes.
        let (first, second) = tokio::join!(log.append(&one), log.append(&two));
        assert!(first.is_ok(), "{first:?}");
        assert_eq!(second, Err(LogError::Busy));
        log.append(&events(&["c"])).await.unwrap();
        assert_eq!(ids(&everything(&log).await), ["a", "c"]);
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_is_told_and_reading_goes_on() {
    let settings = Settings { most_bytes: Some(1024 * 1024), ..Settings::default() };
    for_each_log(settings, |log, _| async move {
        let (mut kept, mut last, mut refused) = (Vec::new(), Position::default(), None);
        for number in 0..400 {
            let id = format!("n-{number}");
            match log.append(&[event(&id, "2027-01-11T10:00:00Z", 10_000)]).await {
                Ok(position) => {
                    kept.push(id);
                    last = position;
                }
                Err(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        assert_eq!(refused, Some(LogError::Full), "after {}", kept.len());
        assert!(kept.len() > 10, "{}", kept.len());
        assert_eq!(ids(&everything(&log).await), kept);
        // Room is made by forgetting, without opening it again.
        assert!(log.forget(at("2028-01-01T00:00:00Z"), last).await.unwrap() > 0);
        timeout(Duration::from_secs(30), log.append(&events(&["again"]))).await.unwrap().unwrap();
        let newest = log.newest(1).await.unwrap();
        assert_eq!(ids(&newest), ["again"]);
    })
    .await;
}
