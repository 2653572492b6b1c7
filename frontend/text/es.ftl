# Los textos en español de las páginas. Frases de 20 palabras como máximo; una sola palabra para cada cosa; siempre «usted».
# Cómo se escriben los días, los momentos y los números: vea el comienzo de core.es.ftl.

# En todas partes
app-name = Handrail
page-title = { $page } · Handrail
skip-to-content = Ir al contenido
back = Atrás
close = Cerrar
cancel = Cancelar
try-again = Probar otra vez
try-now = Intentar ya
see-it = Verlo
new-mark = Nuevo:
now-mark = Ahora:
next-mark = Después:
new-chip = Nuevo
written-by = Lo escribió { $name }
loading = Cargando

# Días y momentos
day-today = hoy
day-tomorrow = mañana
day-yesterday = ayer
day-other = el { $date }
moment-today = hoy, { $time }
moment-yesterday = ayer, { $time }
moment-other = { $day }, { $time }

# Pestañas
tabs-label = Principal
tabs-menu = Menú
tab-today = Hoy
tab-todos = Tareas
tab-goals = Metas
tab-referrals = Referidos
tab-requests = Nuevos
tab-helping = Ayudando
tab-closed = Cerrados
tab-more = Más
tab-count = { $count ->
    [one] , { $count } le espera
   *[other] , { $count } le esperan
}

# Buscar novedades
check-for-news = Buscar novedades
check-running = Buscando novedades.
checked-nothing = Listo.

# Bienvenida
welcome-title = Bienvenida
welcome-heading = Toda su ayuda en un lugar
welcome-lead = Vea sus tareas, metas y referidos de su clínica y de los grupos que le ayudan.
welcome-connect = Conectar un lugar
welcome-try = Probar con datos inventados
welcome-try-busy = Preparando
welcome-hint = Gratis. Sin anuncios. Lo que ve se queda en este dispositivo.

# Over every page while nothing on it is real
tryout-says = Todo esto es inventado. Puede probarlo todo.
tryout-leave = Dejar la prueba

# Conectar: las formas de entrar
connect-title = Conectar un lugar
connect-heading = Conectar un lugar
connect-lead = Su clínica o grupo le dio un código cuadrado o una dirección. Use lo que tenga.
connect-scan = Usar la cámara
connect-scan-sub = Ponga el código delante
connect-picture-heading = ¿Tiene un código cuadrado?
connect-picture = Elegir una imagen
connect-picture-sub = Una foto o captura del código
connect-picture-busy = Leyendo la imagen…
connect-picture-kept = Handrail lee solo esta imagen. No la guarda.
connect-address-heading = ¿Tiene una dirección?
connect-address = Dirección
connect-address-hint = Está en la carta, el mensaje o el correo de su clínica o grupo. Puede omitir “https”.
connect-paste = Pegar
connect-paste-refused = No podemos leer lo que copió. Mantenga el dedo en el cuadro y elija Pegar.
connect-address-missing = Primero escriba o pegue la dirección. Por ejemplo: elmstreetclinic.example
connect-continue = Continuar
connect-reading = Leyendo…
connect-other-ways = Otras formas
connect-again = Probar otro código
connect-type-again = Pegar o escribir una dirección
connect-type-again-sub = De una carta, un mensaje o un correo
what-you-can-do = Qué puede hacer
scan-heading = Apunte al código
scan-lead = Su clínica o grupo le dio un código cuadrado. Póngalo delante de la cámara.
scan-starting = Encendiendo la cámara…
scan-looking = Buscando un código…
scan-lamp-on = Encender la luz
scan-lamp-off = Apagar la luz
scan-help-heading = ¿Aún no lo encuentra?
scan-help-body = Ponga el código plano y quieto. Use buena luz. Deben verse las cuatro esquinas. O elija otra forma abajo.
scan-without = O conecte sin la cámara
scan-turn-on = Encender la cámara
scan-try-again = Probar otra vez
scan-open-settings = Abrir los ajustes
scan-ask-heading = Usar la cámara
scan-ask-body = Handrail la usa solo para leer el código. No guarda fotos. Le preguntarán si está de acuerdo.
scan-refused-heading = La cámara está apagada
scan-refused-body = Handrail no puede usarla. Puede darle permiso en los ajustes y probar otra vez.
scan-busy-heading = La cámara está ocupada
scan-busy-body = Otra app la usa ahora. Cierre esa app y pruebe otra vez.
scan-missing-heading = No hay cámara
scan-missing-body = Aquí no hay una que podamos usar. Puede conectar de otra forma.
connect-ask-for-code = Pregunte a su clínica o grupo: “¿Tienen un código para apps de pacientes?”
connect-find-heading = ¿No tiene nada de esto?
connect-find = Buscar su clínica
connect-find-sub = Elíjala de una lista

# Conectar: elegir de la lista
find-title = Buscar su clínica
find-heading = Buscar su clínica
find-lead = Clínicas y grupos de la lista de este dispositivo. Al elegir uno aún no se comparte nada.
find-label = Nombre, ciudad o dirección web
find-hint = Bastan unas letras.
find-already = Conectado
find-count = { $count ->
    [one] 1 lugar
   *[other] { $count } lugares
}
find-more = Los primeros { $count }. Hay { $more } más: escriba más del nombre.
find-none-heading = La lista está vacía
find-none-body = Puede conectar con un código o una dirección.
find-empty-heading = No está en la lista
find-empty-body = Revise cómo se escribe o pruebe con la ciudad. También puede usar un código o una dirección.

# Conectar: ¿es el lugar correcto?
confirm-title = Revise este lugar
confirm-heading = ¿Es este el lugar correcto?
confirm-name-listed = En la lista de lugares de Handrail
confirm-name-unlisted = Este nombre no se revisó
confirm-address = Su dirección web
confirm-compare = Compárela con su carta o tarjeta, letra por letra.
confirm-new = Nuevo en este dispositivo
confirm-locked = Conexión segura
confirm-known = En nuestra lista
confirm-unknown-heading = Handrail no conoce este lugar
confirm-unknown-body = No está en nuestra lista. Puede estar bien. Siga solo si confía en quien le dio el código.
confirm-compared = Comparé la dirección con mi carta
confirm-compared-hint = Todas las letras son iguales.
confirm-compare-first = Aún no: primero compare la dirección
confirm-sign-in = Sí, entrar
confirm-sign-in-again = Entrar otra vez
confirm-beginning = Buscando la página de entrada…
confirm-no = No, volver
confirm-role = ¿Por qué está aquí?
confirm-role-patient = Recibo ayuda
confirm-role-organization = Trabajo en un grupo que ayuda
confirm-helper-see = Ver lo que le pidieron a su grupo y para quién.
confirm-helper-send = Enviar sus respuestas y lo que hicieron.
confirm-asks-heading = Lo que Handrail pedirá
confirm-asks-see = Ver sus tareas, metas y referidos de allí, y lo que va con ellos.
confirm-asks-send = Enviar lo que usted responda. No cambia nada más.
confirm-next-heading = Qué pasa ahora
confirm-next-browser = 1. Su navegador abre la página de entrada de este lugar.
confirm-next-account = 2. Usted entra allí. Tal vez deba crear una cuenta nueva.
confirm-next-back = 3. Usted vuelve aquí. Handrail nunca ve su contraseña.
already-heading = Ya está conectado
already-body = Este código es de { $name }. No tiene que hacer nada.
already-open = Abrir este lugar

# Entrar
signin-title = Entrar
signin-preparing-heading = Preparando todo
signin-preparing = Pedimos a { $name } su página de entrada.
signin-waiting-heading = Termine en su navegador
signin-waiting = Entre a { $name }. Le esperamos aquí.
signin-open-heading = Entre en la página del lugar
signin-open-line = La página de entrada de { $name } se abre en otra pestaña. Después vuelva aquí.
signin-exchanging-heading = Ya volvió
signin-exchanging = Pedimos a { $name } que le deje entrar.
signin-fetching-heading = Ya casi
signin-fetching = Ya entró. Traemos sus cosas de { $name }.
signin-good-to-know = Conviene saber
signin-first-time = ¿Es su primera vez allí?
signin-first-time-line = Pueden pedir su correo, fecha de nacimiento o un código de la clínica.
signin-check-top = Mire la parte de arriba de la página
signin-take-time = Tómese su tiempo
signin-take-time-line = Tiene hasta { $until }. Después puede empezar de nuevo.
signin-open = Abrir la página de entrada
signin-go-on = Seguir entrando
signin-reopen = Abrir el navegador otra vez
signin-reopening = Abriendo el navegador…
signin-cancel = Cancelar
signin-gone-heading = Esta entrada terminó
signin-gone-body = Terminó antes de completarse. No se compartió nada. Puede empezar de nuevo.
signin-stopped-title = No pudo entrar
signin-start-again = Empezar de nuevo
signin-may-help = Qué puede ayudar
signin-changed-mind = ¿Cambió de idea?
signin-changed-mind-line = Está bien. Puede volver cuando quiera.
signin-forgot = ¿Olvidó su contraseña?
signin-forgot-line = Use “Olvidé mi contraseña” en la página del lugar.
signin-no-account = ¿No tiene cuenta allí?
signin-no-account-line = Pídales una, o un código para crearla.

# Conectado
connected-title = Conectado
connected-heading = Ya está conectado
connected-found = Lo que encontramos
connected-inbox = Ver los pedidos
connected-today = Ir a Hoy
connected-another = Conectar otro lugar

# Hoy
today-title = Hoy
today-morning = Buenos días
today-morning-name = Buenos días, { $name }
today-afternoon = Buenas tardes
today-afternoon-name = Buenas tardes, { $name }
today-evening = Buenas noches
today-evening-name = Buenas noches, { $name }
today-your-turn = Le toca a usted
today-open = Ver qué hacer
today-all-todos = { $count ->
    [one] Ver { $count } tarea más
   *[other] Ver { $count } tareas más
}
today-nothing-heading = Hoy no tiene nada pendiente
today-nothing-body = Cuando haya algo, lo verá aquí.
today-waiting = Esperando a otros
today-news = Nuevo desde la última vez
today-mark-seen = Marcar todo como visto
today-marked = Marcado como visto.
today-loading = Cargando sus tareas
sign-in-again = Entrar otra vez
see-connection = Ver este lugar

# Tareas
todos-title = Tareas
todos-heading = Tareas
todos-your-turn = Le toca a usted
todos-paused = En pausa
todos-done = Hechas
todos-older = { $count ->
    [one] Ver { $count } anterior
   *[other] Ver { $count } anteriores
}
todos-empty-heading = No hay tareas
todos-empty-body = Cuando un lugar le pida algo, lo verá aquí.
todos-all-done-heading = Ahora no tiene nada pendiente
todo-page-title = Tarea
todo-they-ask = Le preguntarán
todo-materials = Para leer o ver
todo-contacts = Cómo contactarles
todo-outcome = Cómo terminó
todo-answer = Su respuesta
todo-answer-first = Primero escriba su respuesta
todo-choose = ¿A quién va a llamar?
todo-file = Su formulario lleno (PDF)
todo-file-first = Primero elija su formulario lleno
todo-goes-to = Lo que envía va solo a { $place }. No se envía nada antes de que usted lo diga.
todo-not-now = ¿Ahora no?
todo-pause-hint = Verán que usted necesita más tiempo.
todo-fail-hint = Dígales qué se lo impide.
todo-cancel-hint = Puede decir que no. Dígales por qué.
todo-changed = Qué cambió
act-sheet-start = ¿Decirles que ya empezó?
act-sheet-finish = ¿Enviar esto ahora?
act-sheet-done = ¿Decirles que ya lo hizo?
act-sheet-pause = ¿Ponerla en pausa?
act-sheet-fail = ¿Qué se lo impide?
act-sheet-cancel = ¿Por qué no quiere hacerla?
act-sheet-line = { $place } verá esto.
act-sheet-reason = Su razón
act-sheet-skip = Puede dejar esto vacío.
act-sheet-tell = Decirles
act-sheet-send = Enviar
act-sheet-back = Volver
act-busy = Enviando

# Preguntas, una por una
form-title = Preguntas
form-leave = Guardar y salir
form-next = Siguiente
form-pick-one = Elija una.
form-pick-all = Elija todas las que quiera.
form-else = Otra cosa
form-another = Agregar otra respuesta
form-unit = Unidad
form-unit-pick = Elija una unidad
form-go-on = Puede seguir y enviar el resto.
form-add-group = Agregar otro
form-take-back = Quitar mi respuesta
form-take-away = Quitar este
form-check = Revise sus respuestas
form-check-line = Todavía puede cambiarlas.
form-change = Cambiar
form-no-answer = Sin respuesta
form-worked-out = Calculado con sus respuestas
form-goes-to = Sus respuestas van solo a { $place }. Se quedan en este dispositivo hasta que presione Enviar.
form-send = Enviar a { $place }
form-not-yet = Faltan algunas respuestas

# Metas
goals-title = Metas
goals-heading = Metas
goals-lead = Lo que usted y su equipo quieren lograr.
goals-open-one = Ver esta meta
goals-open-one-label = Ver esta meta: { $goal }
goals-reached = Logradas
goals-ended = Terminadas
goals-empty-heading = Aún no hay metas
goals-empty-body = Su clínica puede fijar metas con usted. Las verá aquí.
goals-none-open-heading = Ahora no hay metas
goal-page-title = Meta
goal-steps-done = { $done } de { $of } { $of ->
    [one] paso hecho
   *[other] pasos hechos
}
goal-steps = Pasos que ayudan
goal-step-done = Hecho
goal-notes = Lo que escribieron
goal-change-heading = ¿Quiere cambiar esta meta?
goal-change-body = Solo su equipo puede cambiarla. Dígales qué es importante para usted.

# Referidos
referrals-title = Referidos
referrals-heading = Referidos
referrals-lead = La ayuda que su clínica pidió a otros para usted.
referrals-push = Tal vez deba llamar
referrals-moving = En camino
referrals-finished = Terminados
referrals-empty-heading = Aún no hay referidos
referrals-empty-body = Cuando su clínica pida ayuda a otros, la verá aquí.
referrals-missing = ¿Falta algo?
referrals-missing-link = Vea a qué lugares está conectado
referral-page-title = Referido
turn-you = Usted
turn-helper = Quien ayuda
referral-contacts = Cómo contactarles
referral-story = La historia hasta hoy
referral-facts = Conviene saber
referral-goes-with = Va con
referral-stop-heading = ¿Quiere parar este pedido?
referral-stop-body = No puede pararlo en la app. Llame a su clínica y dígales.

# Más
more-title = Más
more-heading = Más
more-connections = Conexiones
more-connections-none = Aún no hay lugares
more-connections-sub = { $count ->
    [one] { $count } lugar
   *[other] { $count } lugares
}
more-need-you = { $count ->
    [one] { $count } le espera
   *[other] { $count } le esperan
}
more-connect = Conectar otro lugar
more-connect-first = Conectar un lugar

# Qué hizo la app
more-inbox = Pedidos a su grupo
more-inbox-sub = Lo que le pidieron a su grupo
more-activity-sub = Revisiones, entradas y envíos
activity-title = Qué hizo la app
activity-lead = Se guarda en este dispositivo por 30 días.
activity-empty = Aún no hay nada

# Un informe de problemas
report-help = ¿Necesita ayuda de alguien?
report-make = Hacer un informe
report-title = Informe
report-lead = Un informe de problemas. No tiene nombres, ni datos de salud, ni claves.
report-hosts = Agregar las direcciones web
report-hosts-sub = Dicen dónde recibe ayuda.
report-copy = Copiar el informe
report-save = Guardar el informe
copied = Copiado.
copied-not = No se pudo copiar.
referral-copy = Copiar esta historia
referral-copy-hint = Luego péguela en un mensaje. Quien la recibe puede leerla.

# Llevarse una copia
export-title = Guardar una copia
export-sub = Llévese lo que está guardado aquí
export-lead = Un archivo con lo que sus lugares compartieron. Quien lo recibe puede leerlo.
export-of = ¿De qué lugar?
export-private = Con cosas privadas
export-private-sub = Déjelo apagado si otros pueden ver el archivo.
export-bundle = Guardar como datos de salud
export-bundle-hint = Para otra app o una clínica.
export-busy = Preparando …
export-saved = Guardado.
export-not = Esta app no pudo guardar un archivo.
export-saved-as = Guardado en Descargas como { $name }.
export-paper-hint = Para guardar o mostrar. No lleva nada oculto.
paper-title = Una página para leer e imprimir
paper-lead = Para leer en papel. No lleva nada oculto.
paper-made = Como estaba guardado aquí: { $day }.
paper-print = Imprimir o guardar como PDF
paper-print-not = Aquí no se puede imprimir. Guárdela como página.
paper-save = Guardar como página
paper-nothing = Todavía no hay nada guardado aquí.

# Ajustes
more-settings-sub = Idioma, tamaño de letra, bloqueo
settings-title = Ajustes
settings-saved = Guardado
as-on-device = Como el sistema
settings-language = Idioma
settings-language-hint = Lo que escribe una clínica queda en su idioma.
settings-english = English
settings-spanish = Español
settings-text = Tamaño de letra
settings-text-large = Grande
settings-text-larger = Más grande
settings-text-largest = La más grande
settings-theme = Claro u oscuro
settings-theme-light = Claro
settings-theme-dark = Oscuro
settings-privacy = Privacidad en este dispositivo
settings-lock = Bloquear con PIN
settings-lock-sub = Después de 1 minuto
settings-pin-change = Cambiar su PIN
settings-covers = Ocultar en la lista de apps
settings-covers-sub = Handrail no muestra nada mientras usa otra app.
settings-topics-sub = { $n ->
    [one] { $n } tema oculto
   *[other] { $n } temas ocultos
}
settings-how-often = Cada cuánto buscar novedades
settings-how-often-hint = Es la espera más corta. Su dispositivo puede esperar más para cuidar la batería.
settings-hourly = Cada hora
settings-four-hourly = Cada 4 horas
settings-daily = Una vez al día
settings-when-open = Solo al abrir
settings-tells-news = Avisarme cuando hay novedades
settings-tells-news-sub = Un aviso en su pantalla dice que hay algo nuevo. Nunca dice qué.
settings-version = Handrail { $version }. Gratis, abierta a todos.
topics-title = Temas ocultos
topics-lead = Active un tema para ocultarlo. Sale de Hoy y de sus listas. Lo ve en Más, Cosas privadas.
topics-from-start = Ocultos desde el inicio
topics-others = Otros temas

# Borrar todo
erase-everything = Borrar todo en este dispositivo
erase-heading = ¿Borrar todo?
erase-all = Borrar y empezar de nuevo
erase-busy = Borrando …
erase-lost-heading = Pierde lo que no se envió
erase-lost-body = Las respuestas que aún no envió se borran también.
erased = Se borró todo.
erased-not-confirmed = { $n ->
    [one] Se borró todo. { $n } lugar aún no lo confirma.
   *[other] Se borró todo. { $n } lugares aún no lo confirman.
}

# Cosas privadas
more-private-sub = Pide su PIN
private-title = Cosas privadas
private-lead = Solo se ven aquí. Se ocultan otra vez cuando sale de esta página.
private-pin = Las cosas privadas piden su PIN.
private-empty-heading = No hay nada oculto
private-empty-body = Si un lugar manda algo de un tema oculto, lo ve aquí.
private-fast-heading = Salir rápido
private-fast-body = Toque el candado de arriba. Handrail se oculta al momento.
private-no-pin-heading = Quien tiene su dispositivo puede ver esta página
private-no-pin-body = Ponga un PIN y esta página lo pide primero.
problem-private-heading = Esto es privado
problem-private-body = Está en Cosas privadas, con su PIN.

# El bloqueo
lock-title = Bloqueado
lock-locked = Handrail está bloqueado.
lock-now = Bloquear y ocultar
lock-now-long = Bloquear y ocultar ya
lock-set-up = Poner un PIN
lock-forgot = ¿Olvidó su PIN?
lock-forgot-why = Nadie puede verlo ni cambiarlo. Así sus datos están seguros.
lock-forgot-erase = Puede borrar Handrail en este dispositivo y empezar de nuevo. Luego conecte sus lugares otra vez. Su clínica guarda sus datos.
lock-try-again = Probar mi PIN otra vez
problem-locked-heading = Handrail está bloqueado
problem-locked-body = Su PIN lo abre.
pin-title = PIN
pin-count = { $n } de { $of } números
pin-delete = Borrar
pin-enter = Escriba su PIN
pin-again = Pruebe otra vez
pin-checking = Un momento …
pin-wrong = { $left ->
    [one] Ese no es su PIN. Le queda { $left } intento.
   *[other] Ese no es su PIN. Le quedan { $left } intentos.
}
pin-wait-minutes = Son muchos intentos. Espere { $n } minutos y pruebe otra vez.
pin-wait-seconds = { $n ->
    [one] Son muchos intentos. Espere { $n } segundo y pruebe otra vez.
   *[other] Son muchos intentos. Espere { $n } segundos y pruebe otra vez.
}
pin-old = Escriba el PIN que tiene ahora
pin-choose = Elija un PIN
pin-choose-lead = 6 números que otros no adivinen. No su cumpleaños.
pin-repeat = Escríbalo otra vez
pin-repeat-lead = Así lo sabemos los dos.
pin-differed = No son iguales. Elija otra vez.
pin-set = Su PIN está puesto.
pin-off = El bloqueo está apagado.
pin-off-lead = Esto apaga el bloqueo.
pin-not-now = Ahora no
pin-keep = Dejar el bloqueo
refused-pin_guessable-heading = Este PIN es fácil de adivinar
refused-pin_guessable-body = Elija 6 números que no sigan uno tras otro ni sean todos iguales.

# Conexiones
connections-title = Conexiones
connections-heading = Conexiones
connections-lead = Los lugares que comparten sus datos con este dispositivo.
connections-empty-heading = Aún no hay lugares
connections-empty-body = Conecte su clínica o un grupo que le ayuda. Aquí verá sus tareas.
connections-another = Conectar otro lugar
connection-title = Lugar
connection-check = Revisar ahora
connection-skipped = No se muestra
connection-reach = Cómo contactarles
connection-disconnect = Desconectar

# Desconectar
disconnect-heading = ¿Desconectar este lugar?
disconnect-what = ¿Qué quiere hacer?
disconnect-erase = Desconectar y borrar
disconnect-erase-hint = Termina el acceso. Borra lo guardado en este dispositivo.
disconnect-keep = Solo desconectar
disconnect-keep-hint = Termina el acceso. Guarda lo que hay, para leer después.
disconnect-note = El lugar guarda sus propios datos. Su ayuda sigue.
disconnect-cancel = Dejarlo
disconnect-busy = Desconectando…
disconnected-heading = Desconectado
disconnected-what = Lo que hicimos
disconnected-access = Acceso
disconnected-confirmed = El lugar confirmó que terminó.
disconnected-not-confirmed = El lugar no lo confirmó. Handrail borró sus llaves.
disconnected-queued = Handrail ya no usa este lugar. Le pediremos que termine el acceso cuando responda.
disconnected-nothing-left = Ya había terminado. No quedaba nada por terminar.
disconnected-saved = Guardado en este dispositivo
disconnected-erased = Borrado
disconnected-kept = Guardado, para leer
disconnected-done = Listo

# Lugares, como filtro
filter-place = Mostrar
filter-all = Todos los lugares

# Problemas, según el remedio
problem-sign-in-heading = Entre otra vez
problem-sign-in-body = Su sesión allí terminó. Lo que vio sigue aquí.
problem-reach-heading = Este lugar no responde
problem-reach-body = No es por usted. Lo intentaremos otra vez.
problem-gone-heading = Ya no está
problem-gone-body = El lugar lo quitó. No tiene que hacer nada.
problem-save-heading = No pudimos guardar
problem-save-body = Su dispositivo está lleno. Haga espacio y pruebe otra vez.
problem-ours-heading = Algo falló aquí
problem-ours-body = Es culpa nuestra, no suya. Su información está segura.
problem-ours-reference = Si nos avisa, diga: { $reference }
problem-today = Ir a Hoy
problem-title = Problema

# No existe la página
lost-page-title = No hay página
lost-page-heading = Aquí no hay ninguna página
lost-page-body = Tal vez el enlace es viejo. No se perdió nada.

# Por qué un código no sirve
refused-empty-heading = No dice nada
refused-empty-body = Este código o texto está vacío. Pruebe con otro.
refused-too_long-heading = Es demasiado largo
refused-too_long-body = No es de una clínica ni de un grupo. Pruebe otro código.
refused-not_an_address-heading = Esto no es una dirección
refused-not_an_address-body = No lleva a una clínica ni a un grupo. Revísela, letra por letra.
refused-website-heading = Este código abre un sitio web
refused-website-body = No es una clínica ni un grupo que use Handrail. No lo abrimos.
refused-wifi-heading = Este código es de wifi
refused-wifi-body = Sirve para entrar a una red. No es de una clínica ni de un grupo.
refused-contact_card-heading = Este código es un contacto
refused-contact_card-body = Tiene un nombre y un teléfono. No es de una clínica ni de un grupo.
refused-sign_in_code-heading = Este código es para entrar a otro sitio
refused-sign_in_code-body = No lo comparta. No lo guardamos.
refused-phone_or_message-heading = Este código es para llamar o mandar un mensaje
refused-phone_or_message-body = No es de una clínica ni de un grupo. No llamamos ni escribimos.
refused-other_app-heading = Este código es de otra app
refused-other_app-body = No es de una clínica ni de un grupo. No lo abrimos.
refused-not_locked-heading = Esta dirección no es segura
refused-not_locked-body = No usa una conexión segura. Handrail no la abre.
refused-hides_address-heading = Este código esconde a dónde va
refused-hides_address-body = Paramos aquí. Avise a quien se lo dio.
refused-special_address-heading = Esta dirección no está en internet
refused-special_address-body = Es un número o un nombre dentro de un edificio. Pida al lugar su dirección real.
refused-look_alike-heading = Puede ser falso
refused-look_alike-body = Algunas letras solo parecen las correctas. Llame al lugar antes de seguir.
look-alike-seen = Este código lleva a
look-alike-known = Quizá conoce este otro
refused-no_code_in_picture-heading = No hay un código en esta imagen
refused-no_code_in_picture-body = Pruebe una imagen más clara. Deben verse las cuatro esquinas.
refused-several_codes-heading = Hay códigos de más de un lugar
refused-several_codes-body = Use una foto donde se vea solo el que quiere.
refused-unreadable_picture-heading = No pudimos leer esta imagen
refused-unreadable_picture-body = Pruebe otra imagen, o una captura del código.

# Por qué una entrada terminó sin conexión
refused-no_answer-heading = Esta dirección no responde
refused-no_answer-body = Tal vez el lugar no funciona ahora. O el código es viejo. Pruebe más tarde.
refused-not_smart-heading = Este lugar aún no funciona con apps de pacientes
refused-not_smart-body = Puede llamar para saber de su ayuda.
refused-weak_sign_in-heading = La entrada de este lugar no es segura
refused-weak_sign_in-body = Le falta una protección que exigimos. Llame al lugar y dígales.
refused-disagrees-heading = Algo no coincide
refused-disagrees-body = Este lugar dice cosas distintas de sí mismo. Paramos aquí. Llame al lugar antes de seguir.
refused-no_client_id-heading = Este lugar aún no conoce Handrail
refused-no_client_id-body = Pregunte: “¿Pueden permitir la app Handrail?” Después pruebe otra vez.
refused-no_browser-heading = No pudimos abrir un navegador
refused-no_browser-body = Abra usted un navegador una vez. Después pruebe otra vez.
refused-declined-heading = Aún no ha entrado
refused-declined-body = La entrada se paró en la página del lugar. No se compartió nada. Puede probar otra vez.
refused-took_too_long-heading = Tardó demasiado
refused-took_too_long-body = La página de entrada estuvo abierta mucho tiempo. Empiece de nuevo.
refused-cancelled-heading = Usted paró la entrada
refused-cancelled-body = No se compartió nada. Puede volver cuando quiera.
refused-did_not_match-heading = Algo no coincidió
refused-did_not_match-body = La respuesta no era para su entrada. No la usamos. Empiece de nuevo.
refused-place_failed-heading = Algo falló en este lugar
refused-place_failed-body = No es por usted. Pruebe más tarde, o llame al lugar.
refused-no_person-heading = No dijeron quién es usted
refused-no_person-body = Usted entró, pero el lugar no nombró a nadie. Llame y dígales.
refused-another_person-heading = Parece otra persona
refused-another_person-body = La entrada es de otra persona. No la guardamos. Entre con su propia cuenta.
refused-key_locked-heading = Lo guardado está bloqueado
refused-key_locked-body = No se perdió nada. Desbloquee su dispositivo o su llavero y pruebe otra vez.
refused-key_trouble-heading = No pudimos abrir lo guardado
refused-key_trouble-body = Su llave no está o cambió. Dejamos todo como está.
start-over = Empezar de cero
start-over-what = Handrail aparta lo que no puede abrir y empieza de nuevo. No se borra nada. Usted conecta sus lugares otra vez.
start-over-sure = Sí, empezar de cero
refused-key_fits-heading = No hace falta empezar de cero
refused-key_fits-body = La llave de lo guardado está en su lugar.
refused-cannot_save-heading = No pudimos guardar
refused-cannot_save-body = Su dispositivo está lleno. Haga espacio y pruebe otra vez.

# La bandeja de un grupo que ayuda
inbox-title = Pedidos nuevos
inbox-helping-title = Ayudando
inbox-closed-title = Cerrados
inbox-show = Mostrar
inbox-all = Todos
inbox-urgent = Urgentes
inbox-changed = Lo nuevo
inbox-waiting = Esperan su respuesta
inbox-open = Para cualquier grupo
inbox-open-line = Nadie los tomó todavía. Puede pedir uno.
inbox-agreed = Dijo que sí, sin empezar
inbox-started = Empezados
inbox-on-hold = En espera
inbox-empty-heading = No hay pedidos nuevos
inbox-empty-body = Los verá aquí cuando lleguen.
inbox-helping-empty-heading = Ahora no ayuda a nadie
inbox-helping-empty-body = Diga que sí a un pedido para verlo aquí.
inbox-closed-empty-heading = Nada está cerrado todavía
inbox-closed-empty-body = Lo que termine estará aquí.
inbox-none-such = Ningún pedido es como usted eligió.
inbox-table = Llevar una lista
inbox-table-line = Un archivo para una hoja de cálculo. Tiene nombres, así que cuídelo.
inbox-table-today = Guardar hoy
inbox-table-all = Guardar todo

# Para qué organización trabaja alguien
employers-heading = ¿Para qué grupo trabaja?
employers-line = Usted ve lo que le pidieron a este grupo.
employers-find = Buscar su grupo
employers-found = { $count ->
    [0] Ningún grupo se llama así
    [one] { $count } grupo
   *[other] { $count } grupos
}
employers-ask = { $place } no dice cuál es su grupo. Elíjalo para ver sus pedidos.
employers-choose = Elegir su grupo
employers-saved = Guardado

# Si un servicio tiene lugar
room-hint = Lo ve quien le envía personas.
room-has = Tenemos lugar
room-waitlist = Hay lista de espera
room-full = No hay lugar
room-asks-first = Primero necesitamos saber más
room-say-full = Avisar que no hay lugar

# Un pedido a un grupo que ayuda
request-page-title = Pedido
request-person = La persona
request-request = El pedido
request-sender-contacts = Hablar con quien lo pide
request-other-ways = Otras formas de contacto
request-in-the-way = ¿Hay algún problema?
request-pause-hint = Diga por qué. Ellos lo ven.
request-fail-hint = Diga por qué y qué probar ahora.
request-stop-hint = Por ejemplo, se mudaron.
request-asked-open = Usted preguntó. Aún no responden.
request-asked-answered = Le respondieron
request-asked-done = Ya lo hizo
request-asked-over = Esto está cerrado
request-take-back = Retirarla
request-sheet-line = { $place } y la persona ven esto.
request-words = Unas palabras
request-words-next = ¿Qué deben hacer ahora?
request-words-first = Primero escriba unas palabras
request-decline-heading = ¿Por qué no puede tomarlo?
request-decline-first = Primero elija una razón
request-decline-send = Enviar: no podemos
request-pause-heading = ¿Por qué lo pausa?
request-pause-send = Pausarlo
request-fail-heading = ¿Por qué no funcionó?
request-stop-heading = ¿Por qué lo deja?
decline-at-capacity = No tenemos lugar ahora
decline-waitlist = Tenemos lista de espera
decline-not-eligible = No cumplen nuestras reglas
decline-cannot-reach = No logramos hablar con la persona
decline-other = Otra razón
request-done-heading = ¿Qué hicieron?
request-done-pick = Marque todo lo que hicieron
request-done-nothing = No hay nada que anotar
request-done-day = ¿Cuándo lo hicieron?
request-done-no-day = Este lugar no anota el día en que lo hicieron. Muestra el día en que usted lo envía.
request-done-first = Primero marque lo que hicieron
request-done-send = Enviar y cerrar
request-ask-heading = Preguntar a la persona
request-ask-line = Aparece en sus tareas. Puede llegar en un día o dos.
request-ask-kind = ¿Qué quiere pedir?
request-ask-kind-question = Que responda una pregunta
request-ask-kind-contact = Que llame o escriba a alguien
request-ask-kind-form = Que llene un formulario
request-ask-kind-review = Que mire una página web
request-ask-whom = ¿A quién puede llamar o escribir?
request-ask-form = ¿Qué formulario?
request-ask-form-line = Las respuestas llegan a { $place }. Usted ve aquí cuando termina.
request-ask-address = Dirección web
request-ask-address-hint = Empieza con https://
request-ask-about = ¿De qué se trata?
request-ask-question = Su pregunta
request-ask-hint = Use palabras cortas y claras.
request-ask-speaks = Habla:
request-ask-first = Primero escriba su pregunta
request-ask-whom-first = Primero elija a quién llamar
request-ask-form-first = Primero elija un formulario
request-ask-address-first = Primero escriba la dirección web
request-ask-send-it = Enviar a sus tareas
request-ask-send = Enviar su pregunta
