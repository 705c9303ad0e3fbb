//! A shopper's way from browsing to the order.

mod browse;
mod cart;
mod find;
mod fresh;
mod lines;
mod merchandise;
mod merge;
mod narrow;
mod order;
mod pay;
mod personal;
mod publish;
mod recommend;
mod scan;
mod several;
