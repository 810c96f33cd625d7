//! Usage events and the whole server: killed again and again in the middle of taking them in, on a full disk, and brought
//! back from a backup. Every event that was acknowledged counts once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::sync::{Arc, mpsc};
use std::thread;

use gangway_app::account::book::{self, Draft};
use gangway_app::usage::{Usage, roll_once, source};
use gangway_app::{Ids, SystemClock, identity};
use gangway_domain::ids::{AccountId, IdSource, WorkspaceId};
use gangway_domain::permission::{Role, Scope};
use gangway_events::log::{Log, Position, Settings};
use gangway_store::Db;
use gangway_store::usage::view;
use gangway_testkit::{Database, TestApp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::run;
use super::served::{Dice, Server, ask};

/// How often a server is killed, unless `GANGWAY_TEST_KILLS` says otherwise.
const KILLS: usize = 5;

/// Those who send at once.
const SENDERS: usize = 3;

const CUSTOMERS: usize = 4;
const EVENTS: [&str; 3] = ["Signed In", "Report Exported", "Dashboard Created"];

/// No file of the server may be larger than this, bytes, while the disk is full: more than its database needs.
const FULL: u64 = 12 << 20;

/// Something somebody did.
#[derive(Debug, Clone)]
struct Message {
    id: String,
    customer: usize,
    event: &'static str,
    /// Bytes of a property.
    bytes: usize,
}

/// Messages that are sent together.
type Batch = Vec<Message>;

/// How often each customer did what; `*` for anything.
type Counts = BTreeMap<(usize, String), i64>;

/// So many messages whose ids begin with a name.
fn batch(name: &str, messages: usize, bytes: usize) -> Batch {
    let message = |number: usize| Message {
        id: format!("{name}-{number}"),
        customer: (name.len() + number) % CUSTOMERS,
        event: EVENTS[number % EVENTS.len()],
        bytes,
    };
    (0..messages).map(message).collect()
}

/// What these come to when each counts once.
fn expected<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Counts {
    let mut counts = Counts::new();
    for message in messages {
        for event in [message.event, "*"] {
            *counts.entry((message.customer, event.to_owned())).or_default() += 1;
        }
    }
    counts
}

/// A workspace whose product sends events: its customers, and a source.
struct Ground {
    place: TempDir,
    workspace: WorkspaceId,
    accounts: Vec<AccountId>,
    key: String,
    token: String,
    /// The day all events are of: yesterday.
    day: Date,
}

impl Ground {
    /// The machine's clock counts, as for the server.
    async fn prepare(place: TempDir, db: Db) -> Self {
        let mut test = TestApp::on(db).await;
        test.app.clock = Arc::new(SystemClock);
        let (app, actor) = (&test.app, &test.actor);
        let mut accounts = Vec::new();
        for number in 0..CUSTOMERS {
            let draft = Draft { name: format!("Customer {number}"), ..Draft::default() };
            let (record, _) = book::put(app, actor, &format!("c-{number}"), draft).await.unwrap();
            accounts.push(record.account.id);
        }
        let wanted = source::Wanted { name: "Web".to_owned(), origins: Vec::new() };
        let key = source::add(app, actor, &wanted).await.unwrap().key.reveal().to_owned();
        let member = test.member(Role::Admin).await;
        let made = identity::create_token(app, &member, "test", &Scope::ALL, 30).await.unwrap();
        let token = made.token.reveal().to_owned();
        let day = app.clock.now().to_zoned(TimeZone::UTC).date().yesterday().unwrap();
        let workspace = actor.workspace;
        test.app.db.close().await;
        Self { place, workspace, accounts, key, token, day }
    }

    fn body(&self, batch: &[Message]) -> String {
        let message = |message: &Message| {
            json!({
                "type": "track", "messageId": message.id, "event": message.event,
                "userId": format!("u-{}", message.customer), "timestamp": format!("{}T12:00:00Z", self.day),
                "context": { "groupId": format!("c-{}", message.customer) },
                "properties": { "text": "x".repeat(message.bytes) },
            })
        };
        json!({ "batch": batch.iter().map(message).collect::<Vec<Json>>() }).to_string()
    }

    /// Sends messages: status and text of the answer, or an error when there was none.
    fn send(&self, address: &str, batch: &[Message]) -> std::io::Result<(u16, String)> {
        let head = format!("POST /v1/batch?writeKey={} HTTP/1.1\r\n", self.key);
        ask(address, &head, &self.body(batch))
    }

    /// Sends messages that must be taken.
    fn take(&self, server: &Server, batch: &[Message]) {
        let answer = self.send(&server.address, batch).unwrap();
        assert_eq!(answer, (200, r#"{"success":true}"#.to_owned()));
    }

    fn log(&self) -> String {
        format!("sqlite:{}", self.place.path().join("data/events.db").display())
    }

    /// What the server left uncounted is counted, as its next start would; then what the roll-ups say.
    async fn counted(&self, url: &str) -> Counts {
        let mut test = TestApp::on(Db::connect(url).await.unwrap()).await;
        test.app.clock = Arc::new(SystemClock);
        test.app.ids = Arc::new(Ids::random(Arc::new(SystemClock)));
        test.app.usage = Arc::new(Usage::at(self.log(), test.app.ids.fresh(), Settings::default()));
        roll_once(&test.app).await.unwrap();
        let mut counts = Counts::new();
        let mut tx = test.app.db.read().await.unwrap();
        for (customer, account) in self.accounts.iter().enumerate() {
            let rows = view::events(&mut tx, self.workspace, *account, self.day, self.day).await.unwrap();
            counts.extend(rows.into_iter().map(|(event, times, _)| ((customer, event), times)));
        }
        drop(tx);
        test.app.usage.close().await;
        test.app.db.close().await;
        counts
    }

    /// The ids of all messages in the log.
    async fn logged(&self) -> BTreeSet<String> {
        let fresh = Ids::random(Arc::new(SystemClock)).fresh();
        let log = Log::open(&self.log(), fresh, Settings::default()).await.unwrap();
        let (mut ids, mut after) = (BTreeSet::new(), Position::default());
        loop {
            let chunk = log.read(after, 1_000).await.unwrap();
            assert_eq!(chunk.damaged, 0);
            if chunk.position == after {
                log.close().await;
                return ids;
            }
            after = chunk.position;
            ids.extend(chunk.events.into_iter().map(|event| event.message_id));
        }
    }
}

/// Somebody who sends one batch after the other, and again what was not acknowledged.
struct Sender {
    number: usize,
    dice: Dice,
    made: usize,
    acknowledged: BTreeMap<String, Message>,
    /// What was acknowledged last.
    last: Batch,
    /// What was sent and not acknowledged.
    open: Option<Batch>,
    /// How often an answer did not come.
    cut: usize,
}

impl Sender {
    fn new(number: usize, seed: u64) -> Self {
        let dice = Dice(seed.wrapping_add(number as u64).max(1));
        let (acknowledged, last) = (BTreeMap::new(), Batch::new());
        Self { number, dice, made: 0, acknowledged, last, open: None, cut: 0 }
    }

    /// Sends until the server is gone, and tells of every acknowledgement.
    fn send_until_cut(&mut self, ground: &Ground, address: &str, told: &mpsc::Sender<()>) {
        loop {
            let batch = self.choose();
            match ground.send(address, &batch) {
                Ok((200, _)) => {
                    self.hear(batch);
                    // Nobody listens any more once the server is to be killed.
                    told.send(()).ok();
                }
                Ok((429, _)) => self.open = Some(batch),
                Ok((status, text)) => panic!("{status}: {text}"),
                Err(error) => {
                    self.cut += usize::from(error.kind() != ErrorKind::ConnectionRefused);
                    self.open = Some(batch);
                    return;
                }
            }
        }
    }

    /// What was not acknowledged; else, now and then, what was; else something new.
    fn choose(&mut self) -> Batch {
        if let Some(open) = self.open.take() {
            return open;
        }
        if !self.last.is_empty() && self.dice.below(6) == 0 {
            return self.last.clone();
        }
        self.made += 1;
        let messages = 1 + self.dice.below(20);
        batch(&format!("{}-{}", self.number, self.made), messages, 20)
    }

    fn hear(&mut self, batch: Batch) {
        self.acknowledged.extend(batch.iter().map(|message| (message.id.clone(), message.clone())));
        self.last = batch;
    }
}

#[tokio::test]
async fn events_on_sqlite_survive_a_server_that_is_killed() {
    survive(Database::sqlite().await.unwrap(), 0x6c07_8965_5bf0_3635).await;
}

#[tokio::test]
async fn events_on_postgresql_survive_a_server_that_is_killed() {
    survive(Database::postgres().await.unwrap(), 0x2127_599b_f432_5c37).await;
}

async fn survive(database: Database, seed: u64) {
    let ground = Ground::prepare(tempfile::tempdir().unwrap(), database.db.clone()).await;
    let mut dice = Dice(seed);
    let mut senders: Vec<Sender> = (0..SENDERS).map(|number| Sender::new(number, seed)).collect();
    let kills = std::env::var("GANGWAY_TEST_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    for _ in 0..kills {
        let server = Server::start(ground.place.path(), &database.url);
        send_and_kill(&ground, server, &mut senders, 1 + dice.below(60));
        database.disconnect().await.unwrap();
    }
    assert!(senders.iter().any(|sender| sender.cut > 0), "the server was never killed at work");

    let server = Server::start(ground.place.path(), &database.url);
    for sender in &mut senders {
        if let Some(open) = sender.open.take() {
            ground.take(&server, &open);
            sender.hear(open);
        }
    }
    drop(server);
    database.disconnect().await.unwrap();
    let acknowledged = || senders.iter().flat_map(|sender| sender.acknowledged.values());
    assert!(acknowledged().count() >= kills, "{}", acknowledged().count());
    assert_eq!(ground.counted(&database.url).await, expected(acknowledged()));
    let logged = ground.logged().await;
    let lost: Vec<&String> =
        acknowledged().map(|message| &message.id).filter(|id| !logged.contains(*id)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    database.disconnect().await.unwrap();
    database.remove().await.unwrap();
}

/// Lets all send at once, and kills the server when it has acknowledged so many batches.
fn send_and_kill(ground: &Ground, mut server: Server, senders: &mut [Sender], after: usize) {
    let (told, acknowledged) = mpsc::channel();
    let address = server.address.clone();
    thread::scope(|scope| {
        for sender in senders.iter_mut() {
            let (told, address) = (told.clone(), address.as_str());
            scope.spawn(move || sender.send_until_cut(ground, address, &told));
        }
        drop(told);
        for _ in 0..after {
            acknowledged.recv().expect("senders go on until they are cut off");
        }
        // SIGKILL, while the others are being answered and what came before is being counted.
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    });
}

/// A limit for the size of its files makes writes fail as a full disk does, and without the rights that a small file system
/// would need.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_events_and_the_server_goes_on() {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

    let database = Database::sqlite().await.unwrap();
    let ground = Ground::prepare(tempfile::tempdir().unwrap(), database.db.clone()).await;
    let server = Server::start(ground.place.path(), &database.url);
    let usual = getrlimit(Resource::Fsize);
    let limit = |current: Option<u64>| {
        let limit = Rlimit { current, maximum: usual.maximum };
        prlimit(Some(Pid::from_child(&server.child)), Resource::Fsize, limit).unwrap();
    };
    limit(Some(FULL));
    let mut taken: Vec<Batch> = Vec::new();
    let refused = loop {
        let batch = batch(&format!("large-{}", taken.len()), 15, 30_000);
        let (status, text) = ground.send(&server.address, &batch).unwrap();
        match status {
            200 => taken.push(batch),
            507 => break batch,
            _ => panic!("{status}: {text}"),
        }
        assert!(taken.len() < 100, "the limit was never reached");
    };
    assert!(taken.len() > 5, "{}", taken.len());
    assert_eq!(server.get("/readyz", &ground.token).0, 200);
    let path = format!("/api/v1/accounts/{}/usage", ground.accounts[0]);
    let (status, text) = server.get(&path, &ground.token);
    assert_eq!(status, 200, "{text}");
    assert_eq!(ground.send(&server.address, &refused).unwrap().0, 507);
    // Room is made; nobody starts the server again.
    limit(usual.current);
    ground.take(&server, &refused);
    taken.push(refused);
    drop(server);
    assert_eq!(ground.counted(&database.url).await, expected(taken.iter().flatten()));
    database.remove().await.unwrap();
}

/// The same where nothing at all can be written any more: neither events nor what people change.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn on_a_full_disk_changes_are_refused_and_everything_is_still_read() {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

    let database = Database::sqlite().await.unwrap();
    let ground = Ground::prepare(tempfile::tempdir().unwrap(), database.db.clone()).await;
    let server = Server::start(ground.place.path(), &database.url);
    let usual = getrlimit(Resource::Fsize);
    let limit = |current: Option<u64>| {
        let limit = Rlimit { current, maximum: usual.maximum };
        prlimit(Some(Pid::from_child(&server.child)), Resource::Fsize, limit).unwrap();
    };
    let change = || {
        let head = format!(
            "PUT /api/v1/accounts/by-external-id/late HTTP/1.1\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\n",
            ground.token
        );
        ask(&server.address, &head, r#"{"name":"Late"}"#).unwrap()
    };
    // It begins with room for what it prepares.
    assert_eq!(server.get("/readyz", "").0, 200);
    limit(Some(1));
    let messages = batch("full", 3, 20);
    assert_eq!(ground.send(&server.address, &messages).unwrap().0, 507);
    let (status, text) = change();
    assert_eq!(status, 507, "{text}");
    assert!(text.contains("\"full\""), "{text}");
    // The token was never used before: that it is now has no room either, and hinders nobody.
    let path = format!("/api/v1/accounts/{}/usage", ground.accounts[0]);
    let (status, text) = server.get(&path, &ground.token);
    assert_eq!(status, 200, "{text}");
    // Room is made; nobody starts the server again.
    limit(usual.current);
    ground.take(&server, &messages);
    let (status, text) = change();
    assert!(matches!(status, 200 | 201), "{status}: {text}");
    drop(server);
    assert_eq!(ground.counted(&database.url).await, expected(&messages));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_backup_and_the_log_count_everything_once() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("data")).unwrap();
    let url = format!("sqlite:{}", place.path().join("data/gangway.db").display());
    let ground = Ground::prepare(place, Db::open(&url).await.unwrap()).await;
    let here = ground.place.path();
    let succeed = |arguments: &[&str]| {
        let output = run(here, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let batches: Vec<Batch> = (0..20).map(|number| batch(&format!("b-{number}"), 7, 20)).collect();
    let (before, since) = batches.split_at(10);

    let server = Server::start_alone(here);
    before.iter().for_each(|batch| ground.take(&server, batch));
    succeed(&["backup", "kept.db", "--events", "kept-events.db"]);
    since.iter().for_each(|batch| ground.take(&server, batch));
    drop(server);
    // The database is older than the log: what it lacks is counted again, and what it has is not.
    succeed(&["restore", "--force", "kept.db"]);
    let server = Server::start_alone(here);
    ground.take(&server, &batches[3]);
    ground.take(&server, &batches[15]);
    drop(server);
    assert_eq!(ground.counted(&url).await, expected(batches.iter().flatten()));

    succeed(&["restore", "--force", "kept.db", "--events", "kept-events.db"]);
    assert_eq!(ground.counted(&url).await, expected(before.iter().flatten()));
    let refused = run(here, &["restore", "--force", "kept.db", "--events", "kept.db"]);
    assert_eq!(refused.status.code(), Some(3), "a database is no log");
    let refused = run(here, &["backup", "again.db", "--events", "kept-events.db"]);
    assert_eq!(refused.status.code(), Some(4), "nothing is overwritten");
    assert!(!here.join("again.db").exists());
    let server = Server::start_alone(here);
    since.iter().for_each(|batch| ground.take(&server, batch));
    drop(server);
    assert_eq!(ground.counted(&url).await, expected(batches.iter().flatten()));
}
