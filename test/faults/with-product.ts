// A product of a fault's own, ended whatever happens.

import { Api } from "../support/api.ts";
import { Product, type ProductOptions } from "../support/product.ts";

/** Runs `body` on a new product, and sees that nothing of it is left. */
export async function withProduct<T>(
  body: (product: Product, api: Api) => Promise<T>,
  options: ProductOptions = {},
): Promise<T> {
  const product = await Product.start(options);
  try {
    return await body(product, new Api(product.ready));
  } finally {
    await product.close();
  }
}
