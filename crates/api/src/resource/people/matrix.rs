//! Who does what.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::people::{self, Raci};
use gangway_domain::people::{Matrix, MatrixColumn, MatrixRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::problem::{Answer, Problem};
use crate::resource::side;

/// Who does what.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Raci, example = json!({
    "columns": [{ "role": "CSM", "person": "Ines Okafor", "side": "vendor" }, { "role": "Sponsor", "person": null, "side": "customer" }],
    "rows": [{ "activity": "Agree on the goals", "cells": ["R", "A"] }]
}))]
pub(crate) struct MatrixBody {
    /// Roles.
    columns: Vec<ColumnBody>,
    /// Activities: exactly one A and at least one R each.
    rows: Vec<RowBody>,
}

/// A role.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RaciColumnOfMatrix)]
pub(crate) struct ColumnBody {
    /// Name.
    role: String,
    /// Who fills it, when known.
    person: Option<String>,
    /// `vendor`, `customer` or `joint`.
    side: String,
}

/// An activity.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RaciRowOfMatrix)]
pub(crate) struct RowBody {
    /// Name.
    activity: String,
    /// A cell for each role: `R`, `A`, `C`, `I`, `R, A`, `C, I` or nothing.
    cells: Vec<String>,
}

impl From<Matrix> for MatrixBody {
    fn from(matrix: Matrix) -> Self {
        let columns = matrix.columns.into_iter().map(|column| ColumnBody {
            role: column.role,
            person: column.person,
            side: column.side.word().to_owned(),
        });
        let rows = matrix.rows.into_iter().map(|row| RowBody { activity: row.activity, cells: row.cells });
        Self { columns: columns.collect(), rows: rows.collect() }
    }
}

impl TryFrom<MatrixBody> for Matrix {
    type Error = Problem;

    fn try_from(body: MatrixBody) -> Result<Self, Problem> {
        let column = |column: ColumnBody| {
            let ColumnBody { role, person, side: word } = column;
            Ok(MatrixColumn { role, person, member: None, side: side(&word)? })
        };
        let columns: Result<Vec<MatrixColumn>, Problem> = body.columns.into_iter().map(column).collect();
        let rows = body.rows.into_iter().map(|row| MatrixRow { activity: row.activity, cells: row.cells });
        Ok(Self { columns: columns?, rows: rows.collect() })
    }
}

/// Get who does what
///
/// That of the package until somebody changes it; its version is 0 then.
#[utoipa::path(get, path = "/onboardings/{id}/raci", operation_id = "get_raci", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The matrix.", body = MatrixBody, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn raci(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let Raci { matrix, version, .. } = people::raci(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(tagged(&headers, version, Json(MatrixBody::from(matrix))))
}

/// Change who does what
///
/// Each activity has exactly one A and at least one R; what has not is named.
#[utoipa::path(put, path = "/onboardings/{id}/raci", operation_id = "put_raci", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"0\"")),
    request_body(content = MatrixBody),
    responses((status = 204, description = "It is saved.", headers(("ETag" = String)))))]
pub(crate) async fn put_raci(version: IfMatch, Sent(api, caller, names, sent): Sent<MatrixBody>) -> Answer {
    let (id, matrix) = (names.id("onboarding")?, Matrix::try_from(sent)?);
    let now = people::set_raci(&api.app, &caller.actor, id, version.required()?, matrix).await?;
    Ok(changed(now, StatusCode::NO_CONTENT))
}
