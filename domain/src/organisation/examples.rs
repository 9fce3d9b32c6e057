//! What happens to an organisation.

use super::OrganisationCommand;
use super::join::tests::join;
use super::leave::Leave;

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<OrganisationCommand>> {
    vec![vec![join().into(), Leave {}.into()]]
}
