//! The customer's people in running onboardings: stakeholders and their relations, talks, the loss of a champion,
//! resistance, communication, who does what.

pub(crate) mod communication;
pub(crate) mod loss;
pub(crate) mod matrix;
pub(crate) mod relation;
pub(crate) mod resistance;
pub(crate) mod stakeholder;
pub(crate) mod standing;
pub(crate) mod touch;
