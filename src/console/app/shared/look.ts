import type { ThemeConfig } from 'antd';

/** Ant Design in the pages' own colours and type; `look.css` holds the rest. */
export const look: ThemeConfig = {
  token: {
    colorPrimary: '#12509a',
    colorLink: '#12509a',
    colorTextPlaceholder: '#6b7684',
    borderRadius: 6,
    fontFamily: 'var(--font)',
    motion: false,
  },
};
