import { mount } from '../shared/mount.ts';
import { ConsolePage } from './console-page.tsx';

mount(ConsolePage);
