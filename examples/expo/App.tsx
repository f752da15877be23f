/** One screen: a name, the front camera with an oval, and what came of it. */
import { CameraView, useCameraPermissions } from 'expo-camera'
import { StatusBar } from 'expo-status-bar'
import { FacegateError } from 'facegate-client'
import { useRef, useState } from 'react'
import {
  ActivityIndicator,
  KeyboardAvoidingView,
  Platform,
  Pressable,
  StyleSheet,
  Text,
  TextInput,
  useColorScheme,
  View,
} from 'react-native'
import { startUnlock, type Unlock } from './unlock'

const light = {
  ground: '#f6f7f9',
  text: '#1a2129',
  line: '#8592a0',
  accent: '#0b63c4',
  onAccent: '#ffffff',
  bad: '#a3221e',
  good: '#0f6b3c',
}
const dark = {
  ground: '#101418',
  text: '#e6eaef',
  line: '#64717f',
  accent: '#74b3ff',
  onAccent: '#0b1a2b',
  bad: '#ff9a92',
  good: '#6fd39b',
}

type Step =
  | { readonly at: 'name' }
  | { readonly at: 'camera'; readonly unlock: Unlock }
  | { readonly at: 'open'; readonly message: string }

export default function App() {
  const colours = useColorScheme() === 'dark' ? dark : light
  const camera = useRef<CameraView>(null)
  const [permission, requestPermission] = useCameraPermissions()
  const [step, setStep] = useState<Step>({ at: 'name' })
  const [name, setName] = useState('')
  const [fault, setFault] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function act(work: () => Promise<void>) {
    setBusy(true)
    setFault('')
    try {
      await work()
    } catch (error) {
      setFault(messageOf(error))
    } finally {
      setBusy(false)
    }
  }

  const signIn = () =>
    act(async () => {
      const isGranted = permission?.granted || (await requestPermission()).granted
      if (!isGranted) throw new Error('Allow the camera in the settings of the phone.')
      setStep({ at: 'camera', unlock: await startUnlock(name.trim()) })
    })
  const take = (unlock: Unlock) =>
    act(async () => {
      const photo = await camera.current?.takePictureAsync({ quality: 0.9 })
      if (!photo) throw new Error('The camera gave no photo. Try again.')
      setStep({ at: 'open', message: await unlock.tryPhoto(photo.uri) })
    })
  const button = (title: string, onPress: () => void) => (
    <Pressable
      accessibilityRole="button"
      accessibilityState={{ disabled: isBusy, busy: isBusy }}
      disabled={isBusy}
      onPress={onPress}
      style={[styles.button, { backgroundColor: colours.accent, opacity: isBusy ? 0.7 : 1 }]}
    >
      {isBusy ? (
        <ActivityIndicator color={colours.onAccent} />
      ) : (
        <Text style={[styles.buttonText, { color: colours.onAccent }]}>{title}</Text>
      )}
    </Pressable>
  )

  return (
    <KeyboardAvoidingView
      behavior={Platform.OS === 'ios' ? 'padding' : undefined}
      style={[styles.screen, { backgroundColor: colours.ground }]}
    >
      <StatusBar style="auto" />
      {step.at === 'name' && (
        <>
          <Text accessibilityRole="header" style={[styles.title, { color: colours.text }]}>
            Unlock with your face
          </Text>
          <TextInput
            accessibilityLabel="Your name"
            autoCapitalize="none"
            autoCorrect={false}
            maxLength={128}
            onChangeText={setName}
            onSubmitEditing={signIn}
            placeholder="Your name"
            placeholderTextColor={colours.line}
            style={[styles.field, { color: colours.text, borderColor: colours.line }]}
            value={name}
          />
          {button('Continue', signIn)}
        </>
      )}
      {step.at === 'camera' && (
        <>
          <Text accessibilityRole="header" style={[styles.title, { color: colours.text }]}>
            Look into the camera
          </Text>
          <View style={styles.view}>
            <CameraView ref={camera} facing="front" style={StyleSheet.absoluteFill} />
            <View pointerEvents="none" style={styles.oval} />
          </View>
          {button('Unlock', () => take(step.unlock))}
        </>
      )}
      {step.at === 'open' && (
        <>
          <Text accessibilityRole="header" style={[styles.title, { color: colours.good }]}>
            ✓ Unlocked
          </Text>
          <Text style={[styles.text, { color: colours.text }]}>{step.message}</Text>
        </>
      )}
      <Text
        accessibilityLiveRegion="assertive"
        accessibilityRole="alert"
        style={[styles.text, { color: colours.bad }]}
      >
        {fault}
      </Text>
      {step.at !== 'name' && !isBusy && (
        <Pressable
          accessibilityRole="button"
          onPress={() => setStep({ at: 'name' })}
          style={styles.link}
        >
          <Text style={[styles.text, { color: colours.accent }]}>Start over</Text>
        </Pressable>
      )}
    </KeyboardAvoidingView>
  )
}

/** What the person can do, in the service's own words. */
function messageOf(error: unknown): string {
  if (error instanceof FacegateError) return error.hint
  return error instanceof Error ? error.message : 'Try again later.'
}

const styles = StyleSheet.create({
  screen: { flex: 1, justifyContent: 'center', gap: 16, padding: 24 },
  title: { fontSize: 24, fontWeight: '600', textAlign: 'center' },
  text: { fontSize: 17, textAlign: 'center' },
  field: { minHeight: 52, borderWidth: 1, borderRadius: 14, paddingHorizontal: 16, fontSize: 17 },
  button: { minHeight: 52, borderRadius: 14, alignItems: 'center', justifyContent: 'center' },
  buttonText: { fontSize: 17, fontWeight: '600' },
  link: { minHeight: 44, justifyContent: 'center' },
  view: { aspectRatio: 3 / 4, overflow: 'hidden', borderRadius: 24, backgroundColor: '#000' },
  oval: {
    position: 'absolute',
    top: '15%',
    left: '15%',
    width: '70%',
    height: '70%',
    borderWidth: 4,
    borderColor: '#fff',
    borderRadius: 999,
  },
})
