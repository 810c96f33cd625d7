//! The vendor's accent and picture, named after the version of the settings they come from.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gangway_app::portal;
use gangway_domain::ids::WorkspaceId;

use super::Failed;
use crate::Web;
use crate::extract::Names;

/// A day: another version has another address.
const KEPT: &str = "private, max-age=86400";

/// The sheet with the accent.
pub(crate) async fn style(
    State(web): State<Web>,
    Names((workspace, _)): Names<(String, i64)>,
) -> Result<Response, Failed> {
    let Ok(workspace) = workspace.parse::<WorkspaceId>() else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let setting = portal::setting(&web.app, workspace).await?;
    let Some(colour) = portal::Accent::read(&setting.colour) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, KEPT)];
    Ok((headers, sheet(colour)).into_response())
}

/// The accent by light, and a lighter one of it by dark.
fn sheet(accent: portal::Accent) -> String {
    let (light, ink) = (accent.text(), accent.ink());
    format!(
        "@layer pages {{ .portal {{ --accent: light-dark({light}, color-mix(in srgb, {light} 45%, white)); \
         --accent-ink: light-dark({ink}, #101415); \
         --accent-soft: light-dark(color-mix(in srgb, {light} 12%, white), color-mix(in srgb, {light} 25%, black)); }} }}\n"
    )
}

/// The picture.
pub(crate) async fn logo(
    State(web): State<Web>,
    Names((workspace, _)): Names<(String, i64)>,
) -> Result<Response, Failed> {
    let Ok(workspace) = workspace.parse::<WorkspaceId>() else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    match portal::picture(&web.app, workspace).await? {
        Some((kind, bytes)) => {
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEPT)];
            Ok((headers, bytes).into_response())
        }
        None => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_holds_one_colour_and_nothing_else() {
        let accent = portal::Accent::read("#0D5A5A").unwrap();
        let sheet = sheet(accent);
        assert!(
            sheet.contains("light-dark(#0d5a5a,") && sheet.contains("--accent-ink: light-dark(#ffffff,"),
            "{sheet}"
        );
        assert!(portal::Accent::read("#0d5a5a;}body{").is_none());
    }
}
