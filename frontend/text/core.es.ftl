# Los textos que nombra el núcleo (crates/core/src/view.rs), en español.
#
# Cómo escribe la página lo que llena un hueco, para construir la frase alrededor:
#   un día      "hoy", "mañana", "ayer", "el viernes, 9 de mayo" (cerca), "el 1 de agosto", "el 3 de marzo de 2027":
#               con su artículo, así que no va después de "de" ni de "a"
#   un momento  "hoy, 10:40 a. m.", "ayer, 4:02 p. m.", "el 4 de mayo, 9:15 a. m."
#   una fecha   "el 9 de mayo de 2026", en el papel en lugar de los dos
#   un número   sirve para elegir el plural

# --- Temas ---
topic-food-insecurity = Comida
topic-housing-instability = Conservar su casa
topic-homelessness = Un lugar donde vivir
topic-inadequate-housing = Casa segura y sana
topic-transportation-insecurity = Transporte
topic-financial-insecurity = Dinero
topic-material-hardship = Cosas básicas
topic-educational-attainment = Escuela y cursos
topic-employment-status = Trabajo
topic-veteran-status = Ayuda para veteranos
topic-stress = Estrés
topic-social-connection = La gente cerca de usted
topic-intimate-partner-violence = Seguridad con la pareja
topic-elder-abuse = Seguridad de personas mayores
topic-incarceration-status = Después de la cárcel
topic-personal-health-literacy = Entender temas de salud
topic-health-insurance-coverage-status = Seguro médico
topic-medical-cost-burden = Cuentas médicas
topic-digital-literacy = Usar teléfonos y computadoras
topic-digital-access = Teléfono e internet
topic-utility-insecurity = Luz, gas y agua
topic-language-access = Ayuda con el idioma
topic-protective-factor = Sus fuerzas
topic-other = Otra ayuda
topic-private = Privado

# --- Personas: lo que va en lugar de un nombre que nadie dijo ---
helper-unnamed = El grupo que ayuda
helper-unnamed-inside = el grupo que ayuda
sender-unnamed = Su clínica
sender-unnamed-inside = su clínica

# --- Tareas ---
todo-state-your-turn = Le toca a usted
todo-state-started = Empezada
todo-state-paused = En pausa
todo-state-done = Hecha
todo-state-could-not = No se pudo hacer
todo-state-stopped = Se paró

todo-due = Para { $day }
todo-was-due = Era para { $day }
priority-urgent = Urgente
priority-asap = Pronto
priority-stat = Ahora mismo

todo-title-questions = { $n ->
    [one] Responda 1 pregunta
   *[other] Responda { $n } preguntas
}
todo-title-questions-some = Responda unas preguntas
todo-title-form = Llene un formulario
todo-title-web = Llene un formulario en un sitio web
todo-title-answer = Responda una pregunta
todo-title-contact = Elija a quién llamar
todo-title-review = Lea o vea algo
todo-title-other = Algo por hacer

todo-length = { $minutes ->
    [one] Más o menos 1 minuto
   *[other] Unos { $minutes } minutos
}

todo-call-heading = Esta se hace por teléfono
todo-call-body = { $place } no la recibe desde una app. Llame y dígales.
todo-call-not-granted = { $place } no dejó que Handrail envíe respuestas. Llame, o entre otra vez y permítalo.

# Lo que se puede presionar en una tarea.
act-start = Empezar
act-go-on = Seguir
act-pause = Poner en pausa
act-finish = Ya lo hice
act-send = Enviar
act-answer = Responder las preguntas
act-fail = No pude hacerlo
act-cancel = No quiero hacerlo

# Qué pasó con algo que el lugar aún no tiene, o no aceptó.
compared-yours = Lo que usted quería
compared-reason = Su razón
compared-answer = Su respuesta
compared-theirs = Lo que ellos tienen ahora
compared-their-reason = La razón de ellos

sending-sent = Enviado.
sending-waiting-heading = Aún no se envió
sending-waiting-body = Está guardado en este dispositivo. Se enviará a { $place } en cuanto se pueda.
sending-sign-in-heading = Entre otra vez para enviarlo
sending-sign-in-body = Está guardado en este dispositivo. { $place } lo recibe cuando usted entre otra vez.
sending-not-sure-heading = Tal vez ya llegó
sending-not-sure-body = Se perdió la respuesta de { $place }. Handrail mira allí primero, para no enviar nada dos veces.
sending-changed-heading = Esto cambió mientras tanto
sending-changed-body = { $place } cambió esta tarea antes que usted. Lo suyo no se envió. Mírela otra vez y decida.
sending-gone-heading = Ya no está
sending-gone-body = { $place } quitó esta tarea. Lo suyo no se envió.
sending-ask-heading = Pregunte si su respuesta llegó
sending-ask-body = { $place } no nos deja mirar. Llame antes de enviarla otra vez.
sending-refused-heading = No lo aceptaron
sending-refused-body = { $place } no aceptó esto. Llame si no sabe por qué.
sending-no-versions-heading = Esto no se puede enviar desde aquí
sending-no-versions-body = { $place } no cuida los cambios que otros hacen al mismo tiempo. Llame y dígales.
sending-not-offered-heading = Ahora no se puede hacer
sending-not-offered-body = Mire la tarea otra vez. Tal vez cambió.
sending-answer-missing-heading = Falta la respuesta
sending-answer-missing-body = Primero escriba su respuesta. Después envíela.
sending-answer-unfit-heading = Esta respuesta no sirve aquí
sending-answer-unfit-body = Esta tarea pide otro tipo de respuesta.
sending-address-unfit-heading = Esta dirección web no sirve
sending-address-unfit-body = Debe ser como https://example.org/pagina.
sending-too-long-heading = Es demasiado largo
sending-too-long-body = Hágalo más corto y envíelo otra vez.

sent-answers = Sus respuestas
sent-form = Su formulario lleno

material-title = Algo para leer
material-web = Se abre en su navegador
material-video = Video
material-picture = Imagen
material-pdf = PDF
material-document = Documento

why-risk = Para ver qué ayuda le sirve
why-feedback = Para saber cómo le fue
why-application = Para pedir ayuda
why-personal = Para conocerle mejor

# --- Datos ---
fact-how-long = Cuánto tarda
fact-why = Por qué preguntan
fact-who-asks = Quién pregunta
fact-who-sent = Quién lo pidió
fact-reach-by = Lograrla
fact-reached-when = Se logra cuando
fact-since = Su meta desde
fact-starts = Empieza
fact-this-since = Está así desde
fact-last-change = Último cambio
fact-program = Programa
fact-last-checked = Última revisión
fact-next-check = Próxima revisión
fact-next-try = Próximo intento
fact-saved = Guardado en este dispositivo
fact-connected-since = Conectado desde

a-day = { $day }
a-moment = { $at }
about-moment = { $at }, más o menos
after-sign-in = Cuando usted entre

program-enrolled = Inscrito
program-not-enrolled = No inscrito
program-waitlist = En lista de espera

about-goal = Meta
about-todo = Tarea
about-referral = Referido

# --- Contactos ---
contact-call = Llamar al { $number }
contact-phone = Teléfono: { $number }
contact-mail = Escribir un correo: { $address }
contact-address = { $address }
contact-for-appointments = Para citas

# --- Metas ---
goal-title = Una meta
goal-unknown = No sabemos cómo va
goal-achievement-in-progress = En camino
goal-achievement-improving = Va mejorando
goal-achievement-worsening = Se hace más difícil
goal-achievement-no-change = Más o menos igual
goal-achievement-achieved = Lograda
goal-achievement-sustaining = La mantiene
goal-achievement-not-achieved = No se logró
goal-achievement-no-progress = Aún no avanza
goal-achievement-not-attainable = Ahora no es posible
goal-lifecycle-proposed = Propuesta
goal-lifecycle-planned = Planeada
goal-lifecycle-accepted = Acordada
goal-lifecycle-active = En marcha
goal-lifecycle-on-hold = En pausa
goal-lifecycle-completed = Terminada
goal-lifecycle-cancelled = Se paró
goal-lifecycle-rejected = No se aceptó

goal-by = { $left ->
    [0] Para { $day }.
    [one] Para { $day }. Falta 1 día.
   *[other] Para { $day }. Faltan { $left } días.
}
goal-was-by = Era para { $day }.
goal-talk-about-it = Hable de esto en su próxima cita.

# --- Referidos ---
turn-yours = Le toca a usted
turn-helpers = Les toca a ellos
turn-senders = Le toca a la clínica

referral-title = Un pedido de ayuda

referral-state-asked = Pedido
referral-state-sent = Enviado, sin respuesta
referral-state-said-yes = Dijeron que sí
referral-state-helping = Le están ayudando
referral-state-on-hold = En pausa
referral-state-done = Terminado
referral-state-could-not = No pudieron
referral-state-did-not-work = No resultó
referral-state-stopped = Se paró
referral-state-unknown = No se sabe

referral-line-asked = { $source } pidió ayuda.
referral-line-sent = { $them } tiene su pedido.
referral-line-said-yes = { $them } dijo que sí.
referral-line-helping = { $them } le está ayudando.
referral-line-on-hold = { $them } puso esto en pausa.
referral-line-done = { $them } terminó de ayudarle.
referral-line-could-not = { $them } no pudo aceptarlo.
referral-line-did-not-work = { $them } no pudo terminar.
referral-line-stopped = Este pedido se paró.
referral-line-unknown = No sabemos cómo va. Llame a { $source }.

referral-quiet-sent = { $days ->
    [one] { $them } no ha respondido en 1 día. Puede llamar.
   *[other] { $them } no ha respondido en { $days } días. Puede llamar.
}
referral-quiet-said-yes = { $days ->
    [one] { $them } dijo que sí. No hay novedades desde hace 1 día. Puede llamar.
   *[other] { $them } dijo que sí. No hay novedades desde hace { $days } días. Puede llamar.
}
referral-quiet-on-hold = { $days ->
    [one] { $them } puso esto en pausa. No hay novedades desde hace 1 día. Puede llamar.
   *[other] { $them } puso esto en pausa. No hay novedades desde hace { $days } días. Puede llamar.
}

referral-next-asked = Aún no tiene que hacer nada.
referral-next-sent = { $days ->
    [one] Deben decir sí o no. Después de 1 día, llame.
   *[other] Deben decir sí o no. Después de { $days } días, llame.
}
referral-next-said-yes = Tal vez le llamen. Usted también puede llamar.
referral-next-helping = Pueden pedirle algo en Tareas.
referral-next-on-hold = Lea por qué. Llame si tarda mucho.
referral-next-done = ¿Aún necesita ayuda? Avise a { $source }.
referral-next-could-not = No es culpa suya. { $source } puede buscar otro lugar.
referral-next-did-not-work = No es culpa suya. { $source } puede buscar otro lugar.
referral-next-stopped = ¿No era lo que quería? Llame a { $source }.
referral-next-unknown = Llame a { $source } y pregunte.

# --- La historia de un referido ---
story-asked = { $source } pidió ayuda
story-shared = Usted aceptó compartir sus datos
story-sent = Enviado a { $them }
story-said-yes = Dijeron que sí
story-helping = Le están ayudando
story-on-hold = Lo pusieron en pausa
story-done = { $them } terminó de ayudarle
story-could-not = { $them } no pudo aceptarlo
story-did-not-work = { $them } no pudo terminar
story-stopped = Se paró
story-unknown = No sabemos cómo va
story-activity = Lo que hicieron por usted
story-senders-turn = { $source } puede buscar otro lugar
story-next-sent = Se envía a un grupo que ayuda
story-next-answer = Dicen que sí o que no
story-next-help = Le ayudan
story-next-done = Terminado
story-next-goes-on = Siguen

# --- Novedades ---
news-taken-away = Lo quitaron. Fue un error.
news-todo-new = Tiene una tarea nueva
news-todo-yours = Le toca a usted otra vez
news-todo-started = Esta tarea ya empezó
news-todo-paused = Esta tarea está en pausa
news-todo-done = Esta tarea está hecha
news-todo-could-not = Esta tarea no se pudo hacer
news-todo-stopped = Esta tarea se paró
news-todo-text = Cambiaron lo que escribieron
news-due-earlier = La fecha es antes
news-due-later = La fecha es después
news-due-set = Ahora hay una fecha
news-due-gone = Ya no hay fecha
news-due-about = “{ $title }” ahora es para { $to }. Era para { $from }.
news-due-about-first = “{ $title }” es para { $to }.
news-due-about-none = “{ $title }” ya no tiene fecha.
news-goal-new = Tiene una meta nueva
news-goal-state = Su meta: { $state }
news-goal-text = Cambiaron las palabras de su meta
news-target = La fecha de su meta cambió
news-target-about = “{ $title }” ahora es para { $to }.
news-referral-new = Pidieron ayuda para usted
news-referral-text = Cambiaron lo que escribieron
news-referral-asked = Hay un pedido de ayuda
news-referral-sent = Su pedido se envió
news-referral-said-yes = Dijeron que sí
news-referral-helping = Ya le están ayudando
news-referral-on-hold = Lo pusieron en pausa
news-referral-done = Terminaron de ayudarle
news-referral-could-not = No pudieron aceptarlo
news-referral-did-not-work = No resultó
news-referral-stopped = Este pedido se paró
news-referral-unknown = Algo cambió

# --- Cómo cambió algo ---
history-came = Lo vimos por primera vez
history-state = Era “{ $from }”. Después fue “{ $to }”.
history-day-moved = La fecha era { $from }. Ahora es { $to }.
history-day-set = La fecha es { $to }. Antes no había ninguna.
history-day-gone = Ya no hay fecha
history-title = Tiene otro nombre
history-helper = Le pidieron ayuda a: { $to }
history-helper-gone = Ya no dice quién ayuda
history-words-first = Escribieron algo
history-words = Escribieron otra cosa
history-words-gone = Quitaron lo que escribieron

# --- Qué tan reciente es una página ---
checked-never = Aún no lo hemos visto.
checked-now = Visto hace un momento.
checked-minutes = { $minutes ->
    [one] Visto hace 1 minuto.
   *[other] Visto hace { $minutes } minutos.
}
checked-at = Visto: { $at }.
next-check = Próxima revisión: { $at }, más o menos.
check-done = { $n ->
    [0] Listo. No hay nada nuevo.
    [one] Listo. Hay 1 cosa nueva.
   *[other] Listo. Hay { $n } cosas nuevas.
}
check-partly = Listo. Pero no todos los lugares responden.
check-not-saved = No hay espacio para guardar lo nuevo. Haga espacio y revise otra vez.
check-failed = Ningún lugar respondió. Lo guardado sigue aquí.

# --- Conexiones ---
connection-connected = Conectado
connection-sign-in = Entre otra vez
connection-away = No responde
connection-left = Desconectado
connection-line-saved = Datos guardados: { $at }.
connection-line-away = Próximo intento: { $next }. Datos guardados: { $at }.
connection-line-away-soon = Pronto lo intentamos otra vez. Datos guardados: { $at }.
connection-line-away-never = Próximo intento: { $next }. Aún no hay nada guardado.
connection-line-away-never-soon = Pronto lo intentamos otra vez. Aún no hay nada guardado.

keys-file-heading = Las llaves de esta app están en un archivo
keys-file-body = El archivo está en esta computadora. Un llavero con clave sería más seguro.

place-sign-in-heading = Entre otra vez para ver novedades
place-sign-in-body = { $place } cerró su sesión. Lo que ya vio sigue aquí.
place-left-heading = Usted desconectó { $place }
place-left-body = Lo guardado sigue aquí. Entre otra vez para ver novedades.
place-away-heading = { $place } no responde
place-away-body = No es por usted. Próximo intento: { $next }.
place-away-body-soon = No es por usted. Pronto lo intentamos otra vez.

lost-heading = { $count ->
    [one] No pudimos leer 1 cosa
   *[other] No pudimos leer { $count } cosas
}
lost-body = El resto está aquí. Lo intentaremos en la próxima revisión.

saved-requests = { $count ->
    [0] Ningún pedido
    [one] 1 pedido
   *[other] { $count } pedidos
}

saved-counts = { $todos ->
    [0] Ninguna tarea
    [one] 1 tarea
   *[other] { $todos } tareas
}, { $goals ->
    [0] ninguna meta
    [one] 1 meta
   *[other] { $goals } metas
}, { $referrals ->
    [0] ningún referido
    [one] 1 referido
   *[other] { $referrals } referidos
}

# --- Listas que un lugar no tiene ---
no-todos-heading = { $place } no comparte tareas
no-goals-heading = { $place } no comparte metas
no-referrals-heading = { $place } no comparte referidos
no-list-not-offered = No todos los lugares lo hacen. Es normal.
no-list-not-granted = Usted no lo permitió al entrar. Entre otra vez para cambiarlo.
not-granted-todos = { $place } no nos dejó ver sus tareas. Entre otra vez para cambiarlo.
not-granted-goals = { $place } no nos dejó ver sus metas. Entre otra vez para cambiarlo.
not-granted-referrals = { $place } no nos dejó ver sus referidos. Entre otra vez para cambiarlo.
no-list-refused = Este lugar dijo que no. Llame para preguntar por qué.
no-list-unreadable = No pudimos leer lo que mandó.
no-list-another-person = Parece de otra persona. No lo guardamos.
no-list-too-much = Había demasiado para leer de una vez.
no-list-gone = El lugar lo quitó.
no-list-elsewhere = Está en otro lugar.
no-list-busy = Este lugar está ocupado. Nos pidió esperar.
no-list-out-of-reach = Este lugar no respondió. Lo intentaremos otra vez.

# --- Lo que se encontró la primera vez ---
found-todos = { $n ->
    [0] Ninguna tarea
    [one] 1 tarea
   *[other] { $n } tareas
}
found-goals = { $n ->
    [0] Ninguna meta
    [one] 1 meta
   *[other] { $n } metas
}
found-referrals = { $n ->
    [0] Ningún referido
    [one] 1 referido
   *[other] { $n } referidos
}
found-need-you = { $n ->
    [one] 1 le espera ahora
   *[other] { $n } le esperan ahora
}
found-getting-better = { $n ->
    [one] 1 va mejorando
   *[other] { $n } van mejorando
}
found-no-answer = { $days ->
    [one] 1 lleva 1 día sin respuesta
   *[other] 1 lleva { $days } días sin respuesta
}
found-need-push = { $n ->
    [one] 1 tal vez necesita una llamada
   *[other] { $n } tal vez necesitan una llamada
}
found-helping = Ya le están ayudando
two-hosts-heading = Dos direcciones web
two-hosts-body = Para entrar, { $place } le manda a { $page }. Siga solo si conoce las dos, o pregunte antes.
waiting-sign-in-heading = Usted estaba entrando a { $name }
waiting-sign-in-body = Aún no termina. Puede seguir o cancelar.
found-each-time-heading = Tendrá que entrar cada vez
found-each-time-body = Este lugar no deja que las apps sigan conectadas.

each-time-heading = { $place } le pide entrar cada vez
each-time-body = No deja que las apps sigan conectadas. Lo que vio sigue aquí. Entre otra vez para ver novedades.
each-time-body-now = No deja que las apps sigan conectadas. Verá novedades hasta que su sesión termine.

# --- Lo que no se trajo, y por qué ---
skipped-what-todos = Tareas
skipped-what-referrals = Referidos
skipped-what-goals = Metas
skipped-what-forms = Formularios
skipped-what-answers = Sus respuestas
skipped-what-documents = Documentos
skipped-what-results = Lo que se hizo
skipped-what-person = Sobre usted
skipped-what-names = Nombres y teléfonos
skipped-what-other = Otras cosas

skipped-not-offered = { $what }: este lugar no comparte esto con apps.
skipped-not-granted = { $what }: usted no lo permitió al entrar.
skipped-refused = { $what }: este lugar dijo que no. Llame para preguntar por qué.
skipped-unreadable = { $count ->
    [0] { $what }: no pudimos leer lo que mandó.
    [one] { $what }: no pudimos leer 1.
   *[other] { $what }: no pudimos leer { $count }.
}
skipped-another-person = { $count ->
    [one] { $what }: 1 parece de otra persona. No se guardó.
   *[other] { $what }: { $count } parecen de otra persona. No se guardaron.
}
skipped-too-much = { $what }: hay más de lo que podemos leer de una vez.
skipped-gone = { $count ->
    [one] { $what }: 1 ya no está. El lugar lo quitó.
   *[other] { $what }: { $count } ya no están. El lugar los quitó.
}
skipped-elsewhere = { $count ->
    [0] { $what }: una parte está en otro lugar.
    [one] { $what }: 1 está en otro lugar.
   *[other] { $what }: { $count } están en otro lugar.
}
skipped-busy = { $what }: este lugar está ocupado. Nos pidió esperar.
skipped-out-of-reach = { $what }: este lugar no respondió. Lo intentaremos otra vez.

# --- Preguntas, una por una ---
form-progress = Pregunta { $n } de { $count }
form-untitled = Pregunta sin texto
form-must = Tiene que responder esta.
form-may-skip = Puede saltar esta.
form-repetition = { $n } de { $count }
form-yes = Sí
form-no = No
form-answer = { $answer }
form-answer-other = Algo que esta app no puede mostrar
form-elsewhere-heading = Esta no se puede hacer en la app
form-elsewhere-body = Puede responderla en papel o por teléfono. Pregunte a { $place }.

form-over-heading = Algunas respuestas no se llenan solas
form-over-body = Este formulario calcula algunas respuestas. Es demasiado para esta app. Llénelas usted y revíselas.

form-cannot-heading = No podemos mostrar estas preguntas
form-cannot-modifier = Tienen una marca que esta app no conoce. Una respuesta mala podría dañarle. Llame a { $place } y responda por teléfono.
form-cannot-ask = Hay una que debe responderse y esta app no puede preguntarla. Llame a { $place } y responda por teléfono.
form-cannot-condition = Esta app no sabe cuáles son para usted. Llame a { $place } y responda por teléfono.
form-cannot-large = Hay más de las que esta app puede mostrar. Llame a { $place } y responda por teléfono.
form-cannot-read = Esta app no pudo leerlas. Llame a { $place } y responda por teléfono.

form-fault-required = Tiene que responder esta.
form-fault-few = Dé por lo menos { $least } respuestas.
form-fault-many = { $most ->
    [one] Dé solo 1 respuesta.
   *[other] Dé { $most } respuestas como máximo.
}
form-fault-number = Escriba un número, por ejemplo 3.
form-fault-whole = Escriba un número entero, por ejemplo 3.
form-fault-date = Escriba una fecha, con día, mes y año.
form-fault-time = Escriba una hora, por ejemplo 9:30.
form-fault-option = Elija una de las respuestas.
form-fault-unit = Elija también una unidad.
form-fault-low = Debe ser { $least } o más.
form-fault-high = Debe ser { $most } o menos.
form-fault-short = { $least ->
    [one] Escriba por lo menos 1 letra.
   *[other] Escriba por lo menos { $least } letras.
}
form-fault-long = { $most ->
    [one] Escriba 1 letra como máximo.
   *[other] Escriba { $most } letras como máximo.
}
form-fault-places = { $most ->
    [0] Escriba un número sin decimales.
    [one] Escriba 1 cifra después del punto como máximo.
   *[other] Escriba { $most } cifras después del punto como máximo.
}
form-fault-shape = No parece lo que esperan. Revíselo.
form-fault-alone = Una de estas respuestas va sola. Elija solo esa, o las otras.

request-do-not-contact = No contactar
request-do-not-contact-heading = No contacte a esta persona
request-do-not-contact-body = Puede no ser seguro. Hable primero con quien envió esto.
request-contact-unknown-heading = Pregunte a quien lo envió antes de llamar
request-contact-unknown-body = No pudimos ver toda la solicitud. Puede decir que no se contacte a esta persona.
request-state-open = Nadie lo tiene aún
request-state-new = Nuevo
request-state-said-yes = Ustedes dijeron que sí
request-state-helping = Ustedes están ayudando
request-state-on-hold = En pausa
request-state-done = Terminado
request-state-could-not = Ustedes dijeron que no
request-state-did-not-work = No funcionó
request-state-stopped = Detenido
request-state-unknown = No se sabe
request-changed-new = Esto es nuevo
request-changed-status = Avanzó desde que usted miró
request-changed-due = Ahora es para { $day }
request-changed-text = Cambiaron lo que escribieron
request-consent = Permiso para compartir
request-consent-in-force = Sí, la persona aceptó
request-consent-not-in-force = La persona no aceptó, o ya no
request-consent-not-seen = No se ve aquí
request-waiting = { $days ->
    [0] Pedido hoy
    [one] Espera { $days } día
   *[other] Espera { $days } días
}
request-since = Desde { $day }
request-name = Nombre
request-age = Edad
request-years = { $years ->
    [one] { $years } año
   *[other] { $years } años
}
request-reach = Teléfono y dirección
request-reach-hidden = No se muestra: no debe contactar a esta persona
request-due = Para cuándo
request-due-day = { $day }
request-service = Servicio que piden
request-sender = Lo pide
request-language = Idioma
language-name = { $language }
request-reason = Por qué
request-asked-question = Usted hizo una pregunta
request-asked-contact = Usted pidió que llame o escriba
request-asked-form = Usted pidió que llene un formulario
request-asked-review = Usted pidió que mire algo
request-goal = Meta
act-we-started = Ya empezamos
act-we-are-done = Ya terminamos
act-claim = Tomar esto
act-accept = Decir que sí
act-decline = No podemos tomarlo
act-tell-capacity = Decir si hay lugar
service-unnamed = Un servicio suyo
act-ask = Preguntar a la persona
act-hold = Poner en pausa
act-did-not-work = No funcionó
act-stop-helping = Dejar de ayudar

# --- Qué hizo la app ---
activity-checked = { $times ->
    [one] Buscó novedades
   *[other] Buscó novedades { $times } veces
}
activity-away = { $times ->
    [one] Sin respuesta
   *[other] Sin respuesta, { $times } veces
}
activity-sign-in-ended = La sesión terminó
activity-not-here = No se pudo revisar en este dispositivo
activity-signed-in = Usted entró
activity-sent = Se envió lo que usted hizo
activity-waits = Aún no se envió
activity-not-taken = No tomaron lo que usted hizo
activity-disconnected = Usted desconectó
activity-wrong-pin = { $times ->
    [one] Alguien probó un PIN equivocado
   *[other] Alguien probó un PIN equivocado { $times } veces
}
activity-exported = Usted guardó una copia
activity-line = { $at }
activity-line-news = { $n ->
    [0] { $at }. Nada nuevo.
    [one] { $at }. { $n } cosa nueva.
   *[other] { $at }. { $n } cosas nuevas.
}
activity-line-partly = { $n ->
    [0] { $at }. Nada nuevo. No todo se pudo leer.
    [one] { $at }. { $n } cosa nueva. No todo se pudo leer.
   *[other] { $at }. { $n } cosas nuevas. No todo se pudo leer.
}
activity-line-confirmed = { $at }. Lo confirmaron.
activity-line-not-confirmed = { $at }. No lo confirmaron.

# --- What is saved, on paper ---
paper-todos = Tareas
paper-goals = Metas
paper-referrals = Referidos
