//! Asking the router as a browser does, and saying how long that took.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_store::Db;
use http_body_util::BodyExt;
use tower::ServiceExt;

/// Times every page is asked for.
pub const TIMES: usize = 300;

/// The head of the table.
pub fn heading(db: &Db) {
    let what = format!("server time, {}", db.kind());
    println!("\n{what:<44} {:>10} {:>10} {:>10}", "median", "p99", "asked p99");
}

/// A page, and how long it took.
pub async fn get(router: &Router, cookie: &str, path: &str) -> (Duration, String) {
    let request = Request::get(path).header(header::HOST, "127.0.0.1").header(header::COOKIE, cookie);
    let request = request.body(Body::empty()).unwrap();
    let begun = Instant::now();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let took = begun.elapsed();
    assert_eq!(status, StatusCode::OK, "{path}");
    (took, String::from_utf8_lossy(&bytes).into_owned())
}

/// Asks for addresses in turn and prints a row, once each has been asked for; `asked` is what the 99th percentile may
/// be in milliseconds, 0 for anything.
pub async fn report(name: &str, asked: f64, router: &Router, cookie: &str, paths: &[&str]) {
    let mut times = Vec::new();
    for path in paths {
        get(router, cookie, path).await;
    }
    for turn in 0..TIMES {
        let path = paths[turn % paths.len()];
        times.push((get(router, cookie, path).await.0, path));
    }
    times.sort();
    let slowest = times.last().unwrap().1;
    let taken: Vec<Duration> = times.iter().map(|(time, _)| *time).collect();
    row(name, asked, &taken, &format!("   slowest: {slowest}"));
}

/// A row of the table; times in order.
pub fn row(name: &str, asked: f64, times: &[Duration], note: &str) {
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    let asked = if asked > 0.0 { format!("{asked:.0} ms") } else { String::new() };
    println!("{name:<44} {:>7.1} ms {:>7.1} ms {asked:>10}{note}", at(50), at(99));
}
