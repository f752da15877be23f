/** What /docs does when scripts run: buttons that copy the examples, and a search. Without, the page is whole all the same. */
import { addCopyButtons } from './copy-button.ts'
import { addSearch } from './search.ts'

addCopyButtons()
addSearch()
