// A storefront's own code: it compiles only while the documents' types say what the contract says.
import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import { graphql } from "../generated/types";

export const Products = graphql(`
  query Products($first: Int, $after: String, $currency: CurrencyCode) {
    products(first: $first, after: $after, context: { currency: $currency }) {
      totalCount
      nodes { id name priceRange { minimum { amount currency } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const Add = graphql(`
  mutation Add($input: CartLinesAddInput!) {
    cartLinesAdd(input: $input) {
      cart { id version }
      userErrors { __typename code message path ... on InsufficientStockError { available requested } }
    }
  }
`);

export const Updated = graphql(`
  subscription Updated($id: ID!) { cartUpdated(cartId: $id) { version cart { state } } }
`);

export function cheapest({ products }: ResultOf<typeof Products>): string | undefined {
  const amounts: string[] = products.nodes.map((it) => it.priceRange?.minimum.amount ?? "");
  // @ts-expect-error: an amount is a decimal string, and no number.
  const wrong: number[] = amounts;
  void wrong;
  return products.pageInfo.hasNextPage ? undefined : amounts.sort()[0];
}

export const all: VariablesOf<typeof Products> = {};
export const line: VariablesOf<typeof Add> = { input: { cartId: "cart_1", lines: [{ variantId: "var_1", quantity: 1 }] } };
// @ts-expect-error: a quantity is a number.
export const noNumber: VariablesOf<typeof Add> = { input: { cartId: "cart_1", lines: [{ variantId: "var_1", quantity: "1" }] } };

export function refusal({ cartLinesAdd }: ResultOf<typeof Add>): string {
  const [error] = cartLinesAdd.userErrors;
  if (!error) return "";
  if (error.__typename === "InsufficientStockError") return `${error.available} of ${error.requested}`;
  // @ts-expect-error: other errors have no such figure.
  void error.available;
  return error.code === "NOT_FOUND" ? "gone" : error.message;
}

export function isOrdered({ cartUpdated }: ResultOf<typeof Updated>): boolean {
  // @ts-expect-error: there is no such state.
  void (cartUpdated.cart.state === "CLOSED");
  return cartUpdated.cart.state === "ORDERED";
}
