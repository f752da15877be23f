// @ts-check
/** Keeps the app's own files, so that it opens without a network. Answers of the backend and of facegate are never kept. */
const cacheName = 'unlock-2'
const files = [
  '/',
  'app.css',
  'app.js',
  'camera.js',
  'checks.js',
  'poses.js',
  'icon.svg',
  'unlock.webmanifest',
]
const worker =
  /** @type {{ skipWaiting(): void, addEventListener(type: string, use: (event: any) => void): void }} */ (
    /** @type {unknown} */ (self)
  )

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)))
  worker.skipWaiting()
})

/** From the network while there is one: an app that is kept too long is a nuisance. */
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const isOwn = new URL(request.url).origin === location.origin
  if (request.method !== 'GET' || !isOwn) return
  event.respondWith(
    fetch(request)
      .then(async (answer) => {
        if (answer.ok)
          await caches.open(cacheName).then((cache) => cache.put(request, answer.clone()))
        return answer
      })
      .catch(async () => (await caches.match(request)) ?? Response.error()),
  )
})
