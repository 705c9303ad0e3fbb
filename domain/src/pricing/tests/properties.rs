//! What holds for whatever rows and lists.

use proptest::prelude::*;

use super::*;

fn any_row() -> impl Strategy<Value = PriceRow> {
    (0i64..6, 0u128..3, prop::bool::ANY, 0u128..3, 1u32..4, prop::option::of(0i64..3)).prop_map(
        |(amount, list, is_polish, customer_group, minimum_quantity, from)| {
            let mut row = row(0, amount);
            row.list_id = (0 < list).then(|| list_id(list));
            row.scope.market = is_polish.then(|| "pl".parse().unwrap());
            row.scope.customer_group_id = (0 < customer_group).then(|| group(customer_group));
            row.scope.minimum_quantity = minimum_quantity;
            row.window.from = from.map(|it| day(-it));
            row
        },
    )
}

fn any_list(n: u128) -> impl Strategy<Value = PriceList> {
    (prop::bool::ANY, 0i32..2, prop::bool::ANY).prop_map(move |(is_sale, priority, is_lowest)| PriceList {
        selection: if is_lowest { PriceSelection::Lowest } else { PriceSelection::Specificity },
        ..list(n, if is_sale { PriceListType::Sale } else { PriceListType::Override }, priority)
    })
}

proptest! {
    #[test]
    fn the_order_of_rows_never_matters_and_a_sale_is_always_below_what_it_replaced(
        rows in prop::collection::vec(any_row(), 1..9),
        lists in (any_list(1), any_list(2)),
        quantity in 1u32..5,
        turn in 0usize..9,
    ) {
        let mut rows: Vec<PriceRow> = (1..).zip(rows).map(|(n, it)| PriceRow { id: row(n, 0).id, ..it }).collect();
        let context = PriceContext { market: Some("pl".parse().unwrap()), customer_group_ids: vec![group(1)], ..context() };
        let lists = [lists.0, lists.1];
        let price = select(&rows, &lists, &context, quantity);
        let turn = turn % rows.len();
        rows.rotate_left(turn);
        prop_assert_eq!(&select(&rows, &lists, &context, quantity), &price);
        rows.reverse();
        prop_assert_eq!(&select(&rows, &lists, &context, quantity), &price);
        if let Some(price) = price {
            if let Some(replaced) = price.source.replaced {
                let replaced = rows.iter().find(|it| it.id == replaced).unwrap();
                prop_assert!(price.amount.minor() < replaced.amount.minor());
            }
            prop_assert!(price.source.minimum_quantity <= quantity);
        }
    }

    #[test]
    fn n_times_one_cost_what_n_do(rows in prop::collection::vec(any_row(), 1..9), quantities in prop::collection::vec(1u32..3, 1..5)) {
        let rows: Vec<PriceRow> = (1..).zip(rows).map(|(n, it)| PriceRow { id: row(n, 0).id, list_id: None, ..it }).collect();
        let pricing = pricing(&[], PriceContext { customer_group_ids: vec![group(1)], ..context() });
        let at_once = pricing.select(&rows, quantities.iter().sum());
        let counted = quantities_by_variant(quantities.iter().map(|it| (variant(), *it)));
        prop_assert_eq!(pricing.select(&rows, counted[&variant()]), at_once);
    }
}
