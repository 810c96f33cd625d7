//! Bodies as they were before a client packed them, never more than a batch may hold.

use std::io::Read;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;
use gangway_events::read::MOST_BATCH_BYTES;

use super::answer::Refusal;

/// The body, unpacked when it says that it is packed. What would become more than a batch may hold is not unpacked
/// further than that, however little it is on its way.
pub(super) fn unpacked(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Refusal> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    match encoding.map(|word| word.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "identity") => Ok(body),
        Some("gzip" | "x-gzip") => gunzipped(&body),
        Some(_) => {
            let words = "the body may be plain or packed with gzip, as Content-Encoding says";
            Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unknown-encoding", words))
        }
    }
}

fn gunzipped(body: &[u8]) -> Result<Bytes, Refusal> {
    let most = u64::try_from(MOST_BATCH_BYTES).unwrap_or(u64::MAX);
    let mut whole = Vec::with_capacity(body.len().saturating_mul(4).min(MOST_BATCH_BYTES));
    // One byte more than is allowed tells that there is more.
    let read = MultiGzDecoder::new(body).take(most.saturating_add(1)).read_to_end(&mut whole);
    if whole.len() > MOST_BATCH_BYTES {
        return Err(Refusal::too_large());
    }
    if read.is_err() {
        let words = "the body is not packed with gzip, though Content-Encoding says so";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "not-gzip", words));
    }
    Ok(whole.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap().into()
    }

    fn said(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(encoding))])
    }

    #[test]
    fn a_body_comes_out_as_it_went_in() {
        let plain = Bytes::from_static(b"{\"batch\":[]}");
        assert_eq!(unpacked(&HeaderMap::new(), plain.clone()).ok(), Some(plain.clone()));
        assert_eq!(unpacked(&said("gzip"), packed(&plain)).ok(), Some(plain.clone()));
        assert_eq!(
            unpacked(&said("br"), plain.clone()).err().map(|refusal| refusal.status.as_u16()),
            Some(415)
        );
        assert_eq!(unpacked(&said("gzip"), plain).err().map(|refusal| refusal.status.as_u16()), Some(400));
    }

    #[test]
    fn a_bomb_is_refused_before_it_has_grown() {
        let bomb = packed(&vec![b' '; 64 * 1024 * 1024]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        let refusal = unpacked(&said("gzip"), bomb).err().map(|refusal| refusal.status.as_u16());
        assert_eq!(refusal, Some(413));
        let brim = vec![b' '; MOST_BATCH_BYTES];
        assert_eq!(
            unpacked(&said("gzip"), packed(&brim)).ok().map(|body| body.len()),
            Some(MOST_BATCH_BYTES)
        );
    }
}
