//! Events as a file, as they are kept.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use futures_util::{StreamExt, stream};
use gangway_app::usage::export::{self, Format, Span};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::caller::Caller;
use crate::input::QueryOf;
use crate::page::{self, bad_query};
use crate::problem::{Answer, Problem};

/// Which events, in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `ndjson` (a message a line) or `parquet`; `ndjson` when left out.
    #[param(example = "ndjson")]
    kind: Option<String>,
    /// First day, in UTC.
    #[param(example = "2027-01-01")]
    from: Option<String>,
    /// Last day, in UTC.
    #[param(example = "2027-03-31")]
    to: Option<String>,
    /// Id of an account; of all when left out.
    account: Option<String>,
}

/// Download usage events
///
/// As far back as they are kept. What was only rolled up is not among them.
#[utoipa::path(get, path = "/usage-events", operation_id = "export_usage_events", tag = "Usage",
    params(ExportQuery),
    responses((status = 200, description = "The file.", content((String = "*/*")))))]
pub(crate) async fn events(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<ExportQuery>,
) -> Answer {
    let format = match query.kind.as_deref() {
        None | Some("ndjson") => Format::Ndjson,
        Some("parquet") => Format::Parquet,
        Some(_) => return Err(bad_query("kind", "must be ndjson or parquet".to_owned())),
    };
    let span = Span {
        from: day("from", query.from.as_deref())?,
        to: day("to", query.to.as_deref())?,
        account: page::id("account", query.account.as_deref())?,
    };
    let (kind, name) = (format.content_type(), format!("usage-events.{}", format.extension()));
    let chunks = export::events(&api.app, &caller.actor, format, span).await?;
    let chunks = stream::unfold(chunks, |mut chunks| async move {
        let chunk = chunks.recv().await?;
        // The head is out already: a file that breaks off is all that can still be said.
        let chunk = chunk.map_err(|error| {
            tracing::error!(%error, "an export broke off");
            std::io::Error::other("the export broke off")
        });
        Some((chunk, chunks))
    });
    // Whatever compresses the answer asks once more behind the end.
    let mut response = Body::from_stream(chunks.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

fn day(field: &str, text: Option<&str>) -> Result<Option<Date>, Problem> {
    let unreadable = |_| bad_query(field, "must be a day such as 2027-01-31".to_owned());
    text.map(|text| text.parse::<Date>().map_err(unreadable)).transpose()
}
