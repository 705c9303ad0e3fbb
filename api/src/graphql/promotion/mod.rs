//! Promotions on the wire, for staff.
//!
//! Amounts are lists, one amount for each currency. What is read has the names of what is written: of an object that is
//! one of several things, the field that is not null says which.

mod action;
mod action_input;
mod amount;
mod code_list;
mod codes;
mod condition;
mod condition_input;
mod group;
mod input;
mod items;
mod mutation;
mod object;
mod query;
mod refuse;
mod time;

pub(super) use self::{
    code_list::{DiscountCodeAdministration, DiscountCodeQuery},
    codes::DiscountCodeMutation,
    group::PromotionGroupMutation,
    mutation::PromotionMutation,
    query::PromotionQuery,
};
