//! The sealed history: it follows the log, outlives every crash, and finds out whoever changes one.

mod world;

mod changing;
mod crashing;
mod outlets;
mod sealing;
mod serving;
mod storing;

mod attacks;
mod vouching;

/// Runs one case on both engines.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $case() {
                super::$case($crate::evidence::world::World::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test] async fn $case() {
                super::$case($crate::evidence::world::World::postgres().await).await;
            })+
        }
    };
}
use on_both;
