//! How much may be on its way in at once: beyond, senders are told to come again.
//!
//! The log bounds what waits to be written; this bounds what is being read, so that many senders of large bodies do not fill
//! the memory. What has arrived counts, not what was announced: whoever announces much and sends nothing holds nobody up.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::LARGEST_BODY;
use super::answer::Refusal;

/// Bytes of bodies that are being read, or wait for their answer.
const ROOM: u32 = 16 * 1024 * 1024;

/// What a request takes however small it is, bytes: its connection has buffers of its own.
const LEAST: usize = 4 * 1024;

/// Room for bodies.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    free: Arc<Semaphore>,
    all: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self::of(ROOM)
    }
}

impl Room {
    /// Room for so many bytes. A body that is larger than that may pass alone.
    pub(crate) fn of(bytes: u32) -> Self {
        let all = usize::try_from(bytes.max(1)).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// A whole body, and its room until that is dropped.
    ///
    /// # Errors
    /// When there is no room for it, when it is too large for anybody, and when it does not arrive.
    pub(super) async fn read(&self, mut body: Body) -> Result<(Bytes, OwnedSemaphorePermit), Refusal> {
        let mut taken = LEAST.min(self.all);
        let mut held = self.take(taken)?;
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Refusal::incomplete())?;
            // What follows a body is nothing anybody asked for.
            let Ok(data) = frame.into_data() else { continue };
            let bytes = whole.len() + data.len();
            if bytes > LARGEST_BODY {
                return Err(Refusal::too_large());
            }
            if bytes.min(self.all) > taken {
                held.merge(self.take(bytes.min(self.all) - taken)?);
                taken = bytes.min(self.all);
            }
            whole.extend_from_slice(&data);
        }
        Ok((whole.into(), held))
    }

    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Arc::clone(&self.free).try_acquire_many_owned(bytes).map_err(|_| Refusal::busy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(room: &Room, bytes: usize) -> Result<OwnedSemaphorePermit, u16> {
        let read = room.read(Body::from(vec![b' '; bytes])).await;
        let (body, held) = read.map_err(|refusal| refusal.status.as_u16())?;
        assert_eq!(body.len(), bytes);
        Ok(held)
    }

    #[tokio::test]
    async fn room_is_free_again_when_a_request_is_through() {
        let room = Room::of(10_000);
        let first = read(&room, 8_000).await;
        assert!(first.is_ok());
        assert_eq!(read(&room, 8_000).await.err(), Some(429));
        assert_eq!(read(&room, 10).await.err(), Some(429), "every request takes some");
        drop(first);
        assert!(read(&room, 10).await.is_ok());
        assert!(read(&room, 500_000).await.is_ok(), "a large one passes alone");
        assert_eq!(read(&room, LARGEST_BODY + 1).await.err(), Some(413));
        assert!(read(&room, 10_000).await.is_ok(), "what was refused left nothing behind");
    }
}
