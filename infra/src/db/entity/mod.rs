//! Rows, table by table.

pub(crate) mod cart;
pub(crate) mod channel;
pub(crate) mod collection;
pub(crate) mod collection_product;
pub(crate) mod customer;
pub(crate) mod delivery_method;
pub(crate) mod idempotent_command;
pub(crate) mod location;
pub(crate) mod market;
pub(crate) mod order;
pub(crate) mod order_number;
pub(crate) mod outbox;
pub(crate) mod price;
pub(crate) mod product;
pub(crate) mod promotion;
pub(crate) mod promotion_group;
pub(crate) mod search_log;
pub(crate) mod search_rule;
pub(crate) mod search_synonyms;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod staff;
pub(crate) mod stock_level;
pub(crate) mod stock_movement;
pub(crate) mod variant;
