import type { Category } from './category.ts';
import { gridCategories } from './grid.ts';
import { hotlineCategories } from './hotline.ts';
import { housingCategories } from './housing.ts';
import { marketCategories } from './market.ts';
import { policeCategories } from './police.ts';

/** 诉求分类 of the made-up city: three levels each, and the agency that answers for it. */
export const categories: readonly Category[] = [
  ...housingCategories,
  ...marketCategories,
  ...policeCategories,
  ...gridCategories,
  ...hotlineCategories,
];
