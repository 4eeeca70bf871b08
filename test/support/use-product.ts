// One product for all tests of a file: started before the first, ended after the last.

import { afterAll, beforeAll } from "vitest";
import { Api } from "./api.ts";
import { Product, type ProductOptions } from "./product.ts";

export interface UsedProduct {
  readonly product: Product;
  readonly api: Api;
}

/** To be called at a test file's top; what it returns is there once the tests run. */
export function useProduct(options?: ProductOptions): UsedProduct {
  const used: { product?: Product; api?: Api } = {};
  beforeAll(async () => {
    used.product = await Product.start(options);
    used.api = new Api(used.product.ready);
  });
  afterAll(() => used.product?.close());
  return used as UsedProduct;
}
