//! How the product is used across all customers: the heat map, activation, features, who is who in the product.

pub(crate) mod activation;
pub(super) mod card;
pub(super) mod chart;
pub(crate) mod customers;
pub(crate) mod features;
pub(crate) mod heat;
pub(super) mod seen;

use super::Tab;

/// The pages as tabs of their own.
fn pages(here: &str) -> Vec<Tab> {
    [
        ("Adoption", heat::PATH),
        ("Activation", activation::PATH),
        ("Features", features::PATH),
        ("Customers in the product", customers::PATH),
    ]
    .map(|(label, href)| Tab { label, href: href.to_owned(), here: href == here })
    .into()
}
