/** The two dialogs about a person: their name and when they are deleted, and deleting them now. */
import type { FacegateClient } from '../../../../client/src/client.ts'
import { FacegateError } from '../../../../client/src/client.ts'
import { adviceOn } from '../advice.ts'
import { byId } from '../elements.ts'
import { dayOf, momentOf } from './dates.ts'

const edit = byId('edit', HTMLDialogElement)
const editForm = byId('edit-form', HTMLFormElement)
const editTitle = byId('edit-title', HTMLHeadingElement)
const editFault = byId('edit-fault', HTMLParagraphElement)
const name = byId('edit-name', HTMLInputElement)
const until = byId('edit-until', HTMLInputElement)
const remove = byId('delete', HTMLDialogElement)
const removeTitle = byId('delete-title', HTMLHeadingElement)
const removeYes = byId('delete-yes', HTMLButtonElement)
const removeNo = byId('delete-no', HTMLButtonElement)

/** True when something was saved: to the version that the dialog showed, or not at all. */
export async function editPerson(facegate: FacegateClient, identity: string): Promise<boolean> {
  const { etag, ...person } = await facegate.getIdentity(identity)
  editTitle.textContent = `Edit ${identity}`
  editFault.textContent = ''
  name.value = person.name ?? ''
  until.value = dayOf(person.expiresAt)
  edit.showModal()
  return await new Promise((resolve) => {
    const end = (isSaved: boolean) => {
      edit.close()
      resolve(isSaved)
    }
    byId('edit-cancel', HTMLButtonElement).onclick = () => end(false)
    edit.oncancel = () => resolve(false)
    editForm.onsubmit = async (event) => {
      event.preventDefault()
      // A day that was not touched keeps its hour.
      const isSameDay = until.value === dayOf(person.expiresAt)
      const changes = {
        name: name.value.trim() === '' ? null : name.value.trim(),
        ...(!isSameDay && { expiresAt: momentOf(until.value) ?? null }),
      }
      try {
        await facegate.updateIdentity(
          identity,
          changes,
          etag === undefined ? {} : { ifMatch: etag },
        )
        end(true)
      } catch (error) {
        editFault.textContent =
          error instanceof FacegateError && error.code === 'version_conflict'
            ? 'Somebody else changed this person meanwhile. Cancel, and look again.'
            : error instanceof FacegateError
              ? `${adviceOn(error)} ${error.detail}`
              : `${error}`
      }
    }
  })
}

export async function confirmDeletion(identity: string): Promise<boolean> {
  removeTitle.textContent = `Delete ${identity}?`
  remove.showModal()
  removeNo.focus()
  return await new Promise((resolve) => {
    const end = (isMeant: boolean) => {
      remove.close()
      resolve(isMeant)
    }
    removeYes.onclick = () => end(true)
    removeNo.onclick = () => end(false)
    remove.oncancel = () => resolve(false)
  })
}
