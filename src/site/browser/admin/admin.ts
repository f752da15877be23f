/**
 * The script of /admin: whoever has the admin key sees who is enrolled, and enrolls, renames, unlocks, deletes, exports and
 * imports. The key is in a variable of this page and nowhere else.
 */
import { createClient, type FacegateClient, FacegateError } from '../../../../client/src/client.ts'
import { adviceOn } from '../advice.ts'
import { byId } from '../elements.ts'
import { clearEnrollForm, startAdding, useEnrollForm } from './enroll-form.ts'
import { importFile, saveEverybody } from './people-file.ts'
import { createPeopleList } from './people-list.ts'
import { confirmDeletion, editPerson } from './person-dialogs.ts'
import { banner, failureBanner } from './say.ts'

const entry = byId('entry', HTMLFormElement)
const keyField = byId('key', HTMLInputElement)
const enter = byId('enter', HTMLButtonElement)
const keyFault = byId('key-fault', HTMLParagraphElement)
const room = byId('room', HTMLDivElement)
const said = byId('said', HTMLDivElement)
const exportButton = byId('export', HTMLButtonElement)
const importField = byId('import', HTMLInputElement)

let facegate: FacegateClient | null = null
const client = () => facegate

const people = createPeopleList(
  client,
  {
    edit: ({ identity }) =>
      act(async (known) => {
        if (!(await editPerson(known, identity))) return
        await people.reload()
        said.replaceChildren(banner('good', `✓ ${identity} was changed`))
      }),
    addPhotos: ({ identity }) => startAdding(identity),
    unlock: ({ identity }) =>
      act(async (known) => {
        await known.unlockIdentity(identity)
        said.replaceChildren(
          banner('good', `✓ ${identity} is unlocked`, ['The count of failed attempts is reset.']),
        )
      }),
    remove: ({ identity }) =>
      act(async (known) => {
        if (!(await confirmDeletion(identity))) return
        await known.deleteIdentity(identity)
        await people.reload()
        said.replaceChildren(banner('good', `✓ ${identity} was deleted`))
      }),
  },
  (error) => said.replaceChildren(failureBanner(error)),
)

useEnrollForm(client, () => void people.reload().catch(() => {}))

/** One act of the page; what fails is said. */
function act(work: (facegate: FacegateClient) => Promise<void>): void {
  if (facegate === null) return
  said.replaceChildren()
  work(facegate).catch((error: unknown) => said.replaceChildren(failureBanner(error)))
}

entry.onsubmit = async (event) => {
  event.preventDefault()
  const key = keyField.value.trim()
  keyFault.textContent = ''
  keyField.removeAttribute('aria-invalid')
  if (key === '') {
    refuseKey('Enter the admin key.')
    return
  }
  enter.disabled = true
  // The page came from there already, with or without TLS.
  facegate = createClient({ url: location.origin, allowHttp: true, key })
  try {
    await people.reload()
    keyField.value = ''
    entry.hidden = true
    room.hidden = false
    byId('prefix', HTMLInputElement).focus()
  } catch (error) {
    facegate = null
    refuseKey(error instanceof FacegateError ? `${adviceOn(error)} ${error.detail}` : `${error}`)
  } finally {
    enter.disabled = false
  }
}

function refuseKey(why: string): void {
  keyFault.textContent = why
  keyField.setAttribute('aria-invalid', 'true')
  keyField.focus()
}

byId('leave', HTMLButtonElement).onclick = () => {
  facegate = null
  people.clear()
  clearEnrollForm()
  said.replaceChildren()
  room.hidden = true
  entry.hidden = false
  keyField.focus()
}

// Files have checksums, which browsers compute for pages that came over TLS or from this machine.
if (!isSecureContext) {
  exportButton.disabled = true
  importField.disabled = true
  byId('file-help', HTMLParagraphElement).textContent = 'Export and import need https.'
}

exportButton.onclick = () =>
  act(async (known) => {
    exportButton.disabled = true
    try {
      const saved = await saveEverybody(known)
      const unreadable = `${saved.unreadable} could not be read and are only named in it.`
      said.replaceChildren(
        banner(
          saved.unreadable === 0 ? 'good' : 'warn',
          `${saved.people === 1 ? '1 person' : `${saved.people} people`} in the file`,
          [...(saved.unreadable === 0 ? [] : [unreadable])],
        ),
      )
    } finally {
      exportButton.disabled = false
    }
  })

importField.onchange = () => {
  const file = importField.files?.[0]
  importField.value = ''
  if (file === undefined) return
  act(async (known) => {
    const { created, replaced, unchanged, refused } = await importFile(known, file)
    await people.reload()
    const counts = `${created} new, ${replaced} replaced, ${unchanged} unchanged, ${refused.length} refused`
    const reasons = refused.slice(0, 10).map(({ line, identity, code, detail }) => {
      return `${identity ?? `line ${line}`}: ${code}, ${detail}`
    })
    said.replaceChildren(banner(refused.length === 0 ? 'good' : 'warn', counts, reasons))
  })
}
