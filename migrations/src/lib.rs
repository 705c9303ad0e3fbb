//! The history of the database schema, for SQLite and PostgreSQL alike. Forward only: each step stays as it was once released.

use sea_orm_migration::prelude::*;

mod m20261122_000001_channel;
mod m20261122_000002_catalog;
mod m20261122_000003_inventory;
mod m20261122_000004_cart;
mod m20261122_000005_order;
mod m20261122_000006_access;
mod m20261122_000007_event;
mod m20261124_000001_customer;
mod m20261124_000002_collection;
mod m20261124_000003_search;
mod m20261124_000004_market;
mod m20261124_000005_tax;
mod m20261124_000006_promotion;
mod m20261124_000007_discount_code;
mod m20261124_000008_recommendation;
mod m20261124_000009_publication;
mod m20261128_000101_price;
mod m20261128_000102_customer_group;
mod m20261128_000103_tax_rate;
mod m20261128_000104_cart_taxes;
mod m20261128_000201_order_email;
mod m20261128_000202_promotion_budget;
mod m20261128_000203_discount_limit;
mod m20261128_000301_cart_owner;
mod m20261128_000302_cart_command;
mod m20261128_000303_customer_limit;
mod m20261128_000401_device;
mod m20261128_000402_cart_handoff;
mod m20261128_000403_staff_pin;
mod m20261128_000404_stock_hold;
mod m20261128_000501_variant_component;
mod m20261128_000601_price_moment;
mod m20261201_000101_device_cart;

/// Runs what of the history a database has not seen.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_channel::Migration),
            Box::new(m20261122_000002_catalog::Migration),
            Box::new(m20261122_000003_inventory::Migration),
            Box::new(m20261122_000004_cart::Migration),
            Box::new(m20261122_000005_order::Migration),
            Box::new(m20261122_000006_access::Migration),
            Box::new(m20261122_000007_event::Migration),
            Box::new(m20261124_000001_customer::Migration),
            Box::new(m20261124_000002_collection::Migration),
            Box::new(m20261124_000003_search::Migration),
            Box::new(m20261124_000004_market::Migration),
            Box::new(m20261124_000005_tax::Migration),
            Box::new(m20261124_000006_promotion::Migration),
            Box::new(m20261124_000007_discount_code::Migration),
            Box::new(m20261124_000008_recommendation::Migration),
            Box::new(m20261124_000009_publication::Migration),
            Box::new(m20261128_000101_price::Migration),
            Box::new(m20261128_000102_customer_group::Migration),
            Box::new(m20261128_000103_tax_rate::Migration),
            Box::new(m20261128_000104_cart_taxes::Migration),
            Box::new(m20261128_000301_cart_owner::Migration),
            Box::new(m20261128_000302_cart_command::Migration),
            Box::new(m20261128_000303_customer_limit::Migration),
            Box::new(m20261128_000401_device::Migration),
            Box::new(m20261128_000402_cart_handoff::Migration),
            Box::new(m20261128_000403_staff_pin::Migration),
            Box::new(m20261128_000201_order_email::Migration),
            Box::new(m20261128_000202_promotion_budget::Migration),
            Box::new(m20261128_000203_discount_limit::Migration),
            Box::new(m20261128_000404_stock_hold::Migration),
            Box::new(m20261128_000601_price_moment::Migration),
            Box::new(m20261128_000501_variant_component::Migration),
            Box::new(m20261201_000101_device_cart::Migration),
        ]
    }
}
