import { mount } from '../shared/mount.ts';
import { ExplorerPage } from './explorer-page.tsx';

mount(ExplorerPage);
