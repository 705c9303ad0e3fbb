// What the Relay compiler reads; the artifacts it makes of it are what relay.test.js runs.
import { graphql } from "relay-runtime";

export const documents = [
  graphql`
    query relayProductsQuery($count: Int!, $cursor: String) {
      ...relay_products @arguments(count: $count, cursor: $cursor)
    }
  `,
  graphql`
    fragment relay_products on Query
    @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
    @refetchable(queryName: "relayProductsPaginationQuery") {
      products(first: $count, after: $cursor) @connection(key: "relay_products") {
        edges { node { id slug ...relay_product } }
      }
    }
  `,
  graphql`
    fragment relay_product on Product @refetchable(queryName: "relayProductRefetchQuery") {
      id
      name
      variants(first: 10) { edges { node { id sku price { amount { amount currency } } } } }
    }
  `,
  graphql`
    mutation relayCartCreateMutation($input: CartCreateInput!) {
      cartCreate(input: $input) { cart { ...relay_cart @relay(mask: false) } cartSecret userErrors { code } }
    }
  `,
  graphql`
    mutation relayCartLinesAddMutation($input: CartLinesAddInput!) {
      cartLinesAdd(input: $input) {
        cart { ...relay_cart @relay(mask: false) }
        userErrors { __typename code message path ... on InsufficientStockError { available requested } }
      }
    }
  `,
  graphql`
    query relayCartQuery($id: ID!) {
      cart(id: $id) { ...relay_cart @relay(mask: false) }
    }
  `,
  graphql`
    query relayNodeQuery($id: ID!) {
      node(id: $id) { __typename id ... on Product { slug } ... on Cart { totalQuantity } }
    }
  `,
  graphql`
    query relayOrdersQuery {
      orders(first: 1) { edges { node { id } } }
    }
  `,
  graphql`
    subscription relayCartUpdatedSubscription($id: ID!, $seen: Int) {
      cartUpdated(cartId: $id, afterVersion: $seen) { version cart { ...relay_cart @relay(mask: false) } }
    }
  `,
  graphql`
    fragment relay_cart on Cart { id version totalQuantity }
  `,
];
